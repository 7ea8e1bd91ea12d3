"""One asks, another approves; the page does not tell whom it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from promptguard.configuration.identity_settings import IdentitySettings
from promptguard.review.ledger import Act
from promptguard.review.roles import Role


@pytest.fixture
def ann(somebody):
    return somebody(Role.ACCESS_OFFICER, name="Ann")


@pytest.fixture
def ben(somebody):
    return somebody(Role.ACCESS_OFFICER, name="Ben")


@pytest.fixture(autouse=True)
def signing_in(console, monkeypatch):
    """People who sign in to the proxy with a password."""
    known = replace(console.services.bundle(), passwords=dict.fromkeys(("ada", "ann", "ben", "eve"), ""))
    monkeypatch.setattr(type(console.services), "bundle", lambda services: known)
    return lambda **changed: monkeypatch.setattr(
        type(console.services), "bundle", lambda services: replace(known, **changed)
    )


def ask(person, **form: str):
    return person.submit("/suspensions", **{"user": "ada", "reason": "A matter of HR", "days": "7", **form})


def test_from_being_asked_for_to_being_lifted(ann, ben, console, installation) -> None:
    assert ask(ann).status_code == 303
    (order,) = console.suspensions.waiting()
    assert order.scope["pseudonym"] == installation.keys.pseudonym("ada")
    page = ann.get("/suspensions").text
    assert (
        order.id in page
        and order.scope["pseudonym"] not in page
        and ">ada<" not in page
        and "You asked for this yourself" in page
    )
    assert ann.submit(f"/suspensions/{order.id}", answer="approve", user="ada").status_code == 422
    assert ben.submit(f"/suspensions/{order.id}", answer="approve", user="eve").status_code == 422
    assert "1 suspension to answer" in ben.get("/").text
    assert ben.submit(f"/suspensions/{order.id}", answer="approve", user="ada").status_code == 303
    assert ben.submit(f"/suspensions/{order.id}", answer="approve", user="ada").status_code == 422
    assert [each.id for each in console.suspensions.in_force()] == [order.id]
    assert "approved by <b>Ben</b>" in ann.get("/suspensions").text
    assert ann.submit(f"/suspensions/{order.id}", answer="lift").status_code == 303
    assert console.suspensions.in_force() == []
    acts = [(each.name, each.act) for each in reversed(console.ledger.entries()) if each.object == order.id]
    assert acts == [
        ("Ann", Act.SUSPENSION_ASKED), ("Ben", Act.SUSPENSION_APPROVED), ("Ann", Act.SUSPENSION_LIFTED)
    ]  # fmt: skip


def test_it_is_taken_back(ann, console) -> None:
    ask(ann)
    (order,) = console.suspensions.waiting()
    assert ann.submit(f"/suspensions/{order.id}", answer="refuse").status_code == 303
    assert console.suspensions.waiting() == []
    assert "refused" in ann.get("/suspensions").text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"days": "31"}, "one to 30 days"),
        ({"days": "soon"}, "one to 30 days"),
        ({"user": ""}, "whose access"),
        ({"user": "Ann"}, "about yourself"),
        ({"user": "aad"}, "Nobody uses the proxy under this name"),
    ],
)
def test_what_is_none_is_told_and_not_noted(form: dict[str, str], told: str, ann, console) -> None:
    answer = ask(ann, **form)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert 'name="reason" value="A matter of HR"' in answer.text
    assert f'name="user" value="{form.get("user", "ada")}"' in answer.text
    assert Act.SUSPENSION_ASKED not in [each.act for each in console.ledger.entries()]


def test_an_answer_that_is_none(ann, console) -> None:
    assert ann.submit("/suspensions/or-1", answer="").status_code == 400
    assert ann.submit("/suspensions/or-1", answer="lift").status_code == 422


def test_nobody_is_suspended_where_nobody_signs_in(ann, signing_in) -> None:
    signing_in(passwords={})
    answer = ask(ann)
    assert (answer.status_code, "knows nobody by name" in answer.text) == (422, True)


def test_whom_a_device_names_is_not_known_here(ann, console, signing_in) -> None:
    settings = console.services.bundle().settings
    identity = IdentitySettings.model_validate({"devices": True}, strict=False)
    signing_in(passwords={}, settings=settings.model_copy(update={"identity": identity}))
    assert ask(ann).status_code == 303


@pytest.mark.parametrize("role", [each for each in Role if each not in (Role.ACCESS_OFFICER, Role.AUDITOR)])
def test_nobody_else_sees_them(role: Role, somebody) -> None:
    assert somebody(role).get("/suspensions").status_code == 403


def test_an_auditor_reads(ann, somebody) -> None:
    ask(ann)
    auditor = somebody(Role.AUDITOR)
    assert "A matter of HR" in auditor.get("/suspensions").text
    assert ask(auditor).status_code == 403
