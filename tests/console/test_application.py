"""Who may see what: every way into the console, tried by every role and by nobody."""

import itertools

import pytest
from tests.console.conftest import ORIGIN

from promptguard.console.application import WAYS
from promptguard.console.protection import HEADERS
from promptguard.console.ways import Open, Way
from promptguard.review.roles import PERMISSIONS, Permission, Role

ROLES = [(), *((role,) for role in Role), *itertools.combinations(Role, 2)]
IDS = ["+".join(roles) or "nobody" for roles in ROLES]


def ask(person, way: Way, *, token: str):
    path = way.path.replace("{id}", "pg-0000-0000-0000-0000").replace("{secret}", "b" * 30)
    if way.method == "POST":
        return person.post(path, data={"token": token}, headers={"origin": ORIGIN})
    return person.get(path)


@pytest.mark.parametrize("roles", ROLES, ids=IDS)
def test_nobody_gets_further_than_the_roles_go(roles, somebody) -> None:
    person = somebody(*roles)
    may = frozenset().union(*(PERMISSIONS[role] for role in roles))
    token = person.token() if roles else ""
    for way in sorted(WAYS, key=lambda way: way.path == "/sign-out"):
        answer = ask(person, way, token=token)
        signed_out = answer.status_code == 303 and answer.headers["location"] == "/sign-in"
        if way.needs is not Open.TO_ALL and not roles:
            assert signed_out, way.path
        elif isinstance(way.needs, Permission):
            assert (answer.status_code == 403) is (way.needs not in may), way.path
        elif way.path != "/sign-out":
            assert not signed_out
            assert answer.status_code != 403


@pytest.mark.parametrize("way", [way for way in WAYS if way.method == "POST" and way.needs is not Open.TO_ALL])
@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_no_form_counts_without_the_token_of_its_session(way: Way, token: str, somebody, console) -> None:
    person = somebody(*Role)
    before = [entry.act for entry in console.ledger.entries()]
    assert ask(person, way, token=token).status_code == 403
    assert [entry.act for entry in console.ledger.entries()] == before


@pytest.mark.parametrize("way", [way for way in WAYS if way.method == "GET"], ids=lambda way: way.path)
def test_every_answer_is_protected(way: Way, somebody) -> None:
    answer = ask(somebody(*Role), way, token="")
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "'unsafe" not in answer.headers["content-security-policy"]
    assert "style=" not in answer.text
    assert "<script>" not in answer.text


def test_what_a_page_cannot_do_is_told_without_details(somebody, console, monkeypatch) -> None:
    person = somebody(*Role)
    person._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    monkeypatch.setattr(type(console.counts), "overview", lambda *_: 1 / 0)
    answer = person.get("/")
    assert answer.status_code == 500
    assert "division" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", ["/nothing", "/static/../context.py", "/static/%2e%2e/context.py", "/decision/"])
def test_there_is_nothing_else(path: str, somebody) -> None:
    assert somebody().get(path).status_code == 404


def test_it_says_that_it_lives(somebody) -> None:
    assert somebody().get("/healthz").text == "ok\n"
