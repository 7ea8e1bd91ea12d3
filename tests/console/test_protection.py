import pytest

from promptguard.console.protection import MAX_BODY
from promptguard.review.decisions import Decisions
from promptguard.review.roles import Role

ORIGIN = "http://127.0.0.1:8081"
FORM = {"name": "a", "password": "b"}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8081", 200),
        ("127.0.0.1", 421),
        ("localhost:8081", 421),
        ("evil.example", 421),
        ("127.0.0.1:8081.evil.example", 421),
        ("evil.example@127.0.0.1:8081", 421),
        ("", 421),
    ],
)
def test_a_name_that_somebody_else_makes_lead_here_is_refused(host: str, status: int, somebody) -> None:
    assert somebody().get("/sign-in", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": ORIGIN}, 401),
        ({"origin": ORIGIN, "sec-fetch-site": "same-origin"}, 401),
        ({}, 401),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:8082"}, 403),
        ({"origin": "https://127.0.0.1:8081"}, 401),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": ORIGIN, "sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_forms_of_other_sites_are_refused(headers: dict[str, str], status: int, somebody) -> None:
    assert somebody().post("/sign-in", data=FORM, headers=headers).status_code == status


def test_no_database_sees_a_character_that_not_every_one_takes(somebody, monkeypatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Decisions, "page", lambda self, wanted, **_: asked.append(wanted.rule) or [])
    somebody(Role.ANALYST).get("/decisions?rule=a%00b")
    assert asked == ["ab"]


def test_what_is_longer_than_any_form_is_refused(somebody) -> None:
    person = somebody()
    assert person.post("/sign-in", data={"name": "a" * MAX_BODY}, headers={"origin": ORIGIN}).status_code == 413
    endless = (b"name=" + b"a" * 1000 for _ in range(1000))
    headers = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    assert person.post("/sign-in", content=endless, headers=headers).status_code == 413
