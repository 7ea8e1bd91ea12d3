"""Exceptions in the console: one asks, another approves, one revokes."""

from __future__ import annotations

import pytest
from tests.console.conftest import ORIGIN, PASSWORD

from promptguard.console.masking import WITHHELD, NotSearched
from promptguard.review.ledger import Act
from promptguard.review.roles import Role

FORM = {
    "reason": "For the pilot, as jane@example.com knows",
    "users": "ada, bob",
    "groups": "",
    "destination": ["chatgpt"],
    "data_class": ["tenant_data"],
    "action": "redact",
    "contract": "C-17",
    "days": "30",
}


def test_from_the_question_to_the_end(somebody, console, installation) -> None:
    ann, bob = somebody(Role.ANALYST, name="Ann"), somebody(Role.EXCEPTION_APPROVER, name="Bob")
    assert ann.submit("/exceptions", **FORM).status_code == 303
    (order,) = console.exceptions.orders.waiting()
    assert order.reason == "For the pilot, as [EMAIL_ADDRESS] knows"
    assert order.scope["pseudonyms"] == [installation.keys.pseudonym(name) for name in ("ada", "bob")]
    page = ann.get("/exceptions").text
    assert "It waits for an exception approver" in page and "2 people" in page
    assert "bob" not in page and "p_" not in page, "whose a pseudonym is takes two people"
    assert ann.submit(f"/exceptions/{order.id}/answer", answer="approve").status_code == 403
    for others in ("", "ada", "ada, eve", "ada, bob, eve"):
        answer = bob.submit(f"/exceptions/{order.id}/answer", answer="approve", users=others)
        assert (answer.status_code, "for others than you name" in answer.text) == (409, True)
    assert bob.submit(f"/exceptions/{order.id}/answer", answer="approve", users="bob, ada").status_code == 303
    assert bob.submit(f"/exceptions/{order.id}/answer", answer="approve").status_code == 409
    assert [each.id for each in console.exceptions.orders.in_force()] == [order.id]
    assert "Approved by <b>Bob</b>" in bob.get("/exceptions").text

    assert ann.submit(f"/exceptions/{order.id}/renew", reason="It goes on", days="60").status_code == 303
    (renewal,) = console.exceptions.orders.waiting()
    assert bob.submit(f"/exceptions/{renewal.id}/answer", answer="approve", users="ada,bob").status_code == 303
    assert [each.id for each in console.exceptions.orders.in_force()] == [renewal.id]
    assert ann.submit(f"/exceptions/{renewal.id}/revoke", reason="").status_code == 409
    assert ann.submit(f"/exceptions/{renewal.id}/revoke", reason="The pilot is over").status_code == 303
    assert list(console.exceptions.orders.in_force()) == []
    assert "The pilot is over" in bob.get("/exceptions").text
    acts = [(entry.name, entry.act, entry.object) for entry in reversed(console.ledger.entries())]
    assert [each for each in acts if each[1].startswith("exception_")] == [
        ("Ann", Act.EXCEPTION_ASKED, order.id),
        ("Bob", Act.EXCEPTION_APPROVED, order.id),
        ("Ann", Act.EXCEPTION_ASKED, renewal.id),
        ("Bob", Act.EXCEPTION_APPROVED, renewal.id),
        ("Ann", Act.EXCEPTION_REVOKED, renewal.id),
    ]


def test_an_end_does_not_fail_for_its_words(somebody, console) -> None:
    def fail(text: str) -> str:
        raise NotSearched("The text could not be searched (OSError).")

    ann = somebody(Role.ANALYST, name="Ann")
    ann.submit("/exceptions", **FORM)
    (order,) = console.exceptions.orders.waiting()
    object.__setattr__(console.staff, "masked", fail)
    assert ann.submit("/exceptions", **FORM).status_code != 303
    assert ann.submit(f"/exceptions/{order.id}/revoke", reason="It is over").status_code == 303
    assert [each.end_reason for each in console.exceptions.orders.all()] == [WITHHELD]


def test_nobody_approves_what_they_asked_for(somebody, console) -> None:
    both = somebody(Role.EXCEPTION_APPROVER)
    both.submit("/exceptions", **FORM)
    (order,) = console.exceptions.orders.waiting()
    answer = both.submit(f"/exceptions/{order.id}/answer", answer="approve")
    assert (answer.status_code, "You asked for this yourself" in answer.text) == (409, True)
    assert list(console.exceptions.orders.in_force()) == []
    assert both.submit(f"/exceptions/{order.id}/answer", answer="refuse", reason="Not so").status_code == 303
    assert "refused" in both.get("/exceptions").text


def test_nobody_approves_by_an_account_that_they_set_up(somebody, console) -> None:
    root = somebody(Role.ANALYST, Role.ADMINISTRATOR, name="Root")
    puppet = somebody(Role.EXCEPTION_APPROVER, name="Puppet")
    root.submit("/exceptions", **FORM)
    (order,) = console.exceptions.orders.waiting()
    (id,) = [each.id for each in console.accounts.all() if each.name == "Puppet"]
    root.submit(f"/accounts/{id}", act="link")
    form = {"link": console.accounts.make_link(id), "password": PASSWORD, "again": PASSWORD}
    puppet.post("/set-up", data=form, headers={"origin": ORIGIN})
    answer = puppet.submit(f"/exceptions/{order.id}/answer", answer="approve")
    assert (answer.status_code, "a third person" in answer.text) == (409, True)
    assert list(console.exceptions.orders.in_force()) == []
    third = somebody(Role.EXCEPTION_APPROVER, name="Third")
    assert third.submit(f"/exceptions/{order.id}/answer", answer="approve", users="ada,bob").status_code == 303


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"data_class": ["credentials"]}, "no exceptions for credentials"),
        ({"users": ""}, "name users or groups"),
        ({"days": "1e3"}, "after 1 to 365 days"),
        ({"destination": ["nowhere"]}, "is no tool of the registry"),
    ],
)
def test_what_cannot_be_asked_for_is_told(changed, told, somebody, console) -> None:
    answer = somebody(Role.ANALYST).submit("/exceptions", **{**FORM, **changed})
    assert (answer.status_code, told in answer.text) == (422, True)
    assert list(console.exceptions.orders.all()) == []


def test_what_was_typed_is_still_there_where_something_is_missing(somebody) -> None:
    typed = {
        "reason": 'Say "so" <b>', "groups": "support, sales", "destination": ["openai-api", "claude"],
        "data_class": ["access_logs"], "purpose": ["upload"], "action": "allow", "contract": "C-17", "days": "0",
    }  # fmt: skip
    page = somebody(Role.ANALYST).submit("/exceptions", **typed).text
    assert "Say &#34;so&#34; &lt;b&gt;" in page and '<b>"' not in page
    for kept in (
        'value="support, sales"', '<option value="openai-api" selected>', '<option value="claude" selected>',
        'value="access_logs" checked', 'value="upload" checked', 'value="allow" checked', 'value="C-17"',
        'name="days" value="0"',
    ):  # fmt: skip
        assert kept in page
    assert 'value="redact" checked' not in page and 'value="prompt" checked' not in page


def test_who_may_only_look(somebody) -> None:
    auditor = somebody(Role.AUDITOR)
    page = auditor.get("/exceptions")
    assert page.status_code == 200 and "Ask for one" not in page.text
    assert auditor.submit("/exceptions", **FORM).status_code == 403
    assert auditor.submit("/exceptions/or-1/revoke", reason="R").status_code == 403
    assert somebody(Role.UNMASK_APPROVER).get("/exceptions").status_code == 403


def test_what_there_is_not(somebody) -> None:
    approver = somebody(Role.EXCEPTION_APPROVER)
    assert approver.submit("/exceptions/or-1/answer", answer="approve").status_code == 409
    assert approver.submit("/exceptions/or-1/answer", answer="what").status_code == 400
    assert approver.submit("/exceptions/or-1/revoke", reason="R").status_code == 409
    assert approver.submit("/exceptions/or-1/renew", reason="R", days="3").status_code == 422
