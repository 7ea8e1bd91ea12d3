"""One person stops, one lifts; each is in the ledger."""

from __future__ import annotations

import pytest

from promptguard.console.masking import NOT_YET, WITHHELD, NotSearched
from promptguard.review.ledger import Act
from promptguard.review.roles import Role


@pytest.fixture
def ann(somebody):
    return somebody(Role.ANALYST, name="Ann")


def stop(person, **form: str):
    return person.submit("/stops", **{"what": "tool:openai_api", "reason": "Their incident", "hours": "4", **form})


def test_from_a_stop_to_its_lifting(ann, somebody, console) -> None:
    assert "Nothing is stopped." in ann.get("/stops").text
    assert stop(ann).status_code == 303
    (order,) = console.stops.in_force()
    assert (order.scope, order.reason, order.asked_name) == (
        {"destinations": ["openai_api"]}, "Their incident", "Ann"
    )  # fmt: skip
    assert order.expires
    page = ann.get("/stops").text
    assert "OpenAI API" in page and "Their incident" in page
    owner = somebody(Role.POLICY_OWNER, name="Paul")
    assert owner.submit(f"/stops/{order.id}", reason=" ").status_code == 422
    assert owner.submit(f"/stops/{order.id}", reason="Their report is in").status_code == 303
    assert owner.submit(f"/stops/{order.id}", reason="Once more").status_code == 422
    assert console.stops.in_force() == []
    assert "lifted by Paul: Their report is in" in ann.get("/stops").text
    acts = [(each.name, each.act) for each in reversed(console.ledger.entries()) if each.object == order.id]
    assert acts == [("Ann", Act.STOPPED), ("Paul", Act.STOP_LIFTED)]


@pytest.mark.parametrize(
    ("form", "scope"),
    [
        ({"what": "all", "hours": ""}, {"all": True}),
        ({"what": "class:credentials"}, {"data_classes": ["credentials"]}),
    ],
)
def test_what_is_stopped(form: dict[str, str], scope: dict[str, object], ann, console) -> None:
    assert stop(ann, **form).status_code == 303
    (order,) = console.stops.in_force()
    assert order.scope == scope
    assert bool(order.expires) is bool(form.get("hours", "4"))


def test_a_stop_does_not_wait_for_its_words(ann, console) -> None:
    meanwhile = []

    def masked(text: str) -> str:
        meanwhile.extend(console.stops.in_force())
        return text

    object.__setattr__(console.staff, "masked", masked)
    stop(ann)
    assert [each.reason for each in meanwhile] == [NOT_YET]
    assert [each.reason for each in console.stops.in_force()] == ["Their incident"]


def test_a_stop_does_not_fail_for_its_words_and_a_lifting_does(ann, console) -> None:
    def fail(text: str) -> str:
        raise NotSearched("The text could not be searched (OSError).")

    assert stop(ann).status_code == 303
    object.__setattr__(console.staff, "masked", fail)
    assert stop(ann, what="all").status_code == 303
    first, second = console.stops.in_force()
    assert {first.reason, second.reason} == {"Their incident", WITHHELD}
    ann.submit(f"/stops/{first.id}", reason="It is over")
    assert len(console.stops.in_force()) == 2


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"what": ""}, "Say what to stop"),
        ({"what": "tool:nowhere"}, "is no tool of the registry"),
        ({"what": "class:secrets"}, "is no data class"),
        ({"reason": " "}, "Say why"),
    ],
)
def test_what_is_none_is_told_and_not_noted(form: dict[str, str], told: str, ann, console) -> None:
    answer = stop(ann, **form)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert f'name="reason" value="{form.get("reason", "Their incident")}"' in answer.text
    assert Act.STOPPED not in [each.act for each in console.ledger.entries()]


def test_an_auditor_reads(ann, somebody, console) -> None:
    stop(ann)
    auditor = somebody(Role.AUDITOR)
    page = auditor.get("/stops").text
    assert "Their incident" in page and "Stop at once" not in page and "Lift it" not in page
    assert stop(auditor).status_code == 403


def test_words_are_masked(ann, console) -> None:
    stop(ann, reason="About jane@example.com")
    assert console.stops.in_force()[0].reason == "About [EMAIL_ADDRESS]"
