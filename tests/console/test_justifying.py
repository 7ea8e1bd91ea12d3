"""Giving a reason on the page that a notice leads to."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.console.conftest import ORIGIN

from promptguard.audit.events import timestamp
from promptguard.model import Action
from promptguard.policy.justifications import PAGE_MINUTES, Held, Justification
from promptguard.policy.justifying import GrantScope
from promptguard.review.staff_links import new_link

POLICY = """
version: "1"
justifications: {reasons: {asked: The customer asked for it}, scopes: [finding, minutes]%s}
rules:
  - {id: hold, when: {data_classes: personal_data}, action: justify, reason: Say why.}
  - {id: rest, action: allow, reason: Fine.}
"""


@pytest.fixture
def held(installation, make_event, console):
    event = installation.take_up(make_event(action=Action.JUSTIFY, found=["EMAIL_ADDRESS"]))[0]
    now = timestamp(datetime.now(UTC))
    one = Justification("j-1", event.id, "s", "openai-api", Held(frozenset({"f"}), frozenset({"hold"}), ""), now)
    console.justifications.hold(one)
    return one


@pytest.fixture
def policy_in_force(console):
    def put(text: str) -> None:
        console.policies._own = text

    return put


@pytest.fixture
def page(somebody, console, held):
    made = new_link(held.decision_id, redacted="", files=[], now=time.time())
    console.staff.links.keep([made])
    person, where = somebody(), f"/p/{made.secret}"
    person.post(where, data={"do": "open"}, headers={"origin": ORIGIN})

    def send(**form: str):
        token = re.search(r'name="token" value="(\w+)"', person.get(where).text)
        return person.post(where, data={"token": token[1], **form}, headers={"origin": ORIGIN})

    send.show = lambda: person.get(where).text
    return send


def test_one_hour_and_one_minute_are_not_told_as_several(page, held, policy_in_force) -> None:
    policy_in_force(POLICY.replace("[finding, minutes]", "[finding, conversation, minutes], hours: 1, minutes: 1") % "")
    shown = page.show()
    for told in (
        "For what was found here, for 1 hour<",
        "For this kind of data in this conversation, for 1 hour<",
        "For this kind of data at this tool, for 1 minute<",
    ):
        assert told in shown


@pytest.mark.parametrize(
    ("form", "reason", "scope"),
    [
        ({"reason": "asked"}, ("asked", ""), GrantScope.FINDING),
        ({"words": "She  asked for it", "scope": "minutes"}, ("", "She asked for it"), GrantScope.MINUTES),
        ({"words": "She asked", "reason": "asked", "scope": "conversation"}, ("asked", ""), GrantScope.FINDING),
    ],
)
def test_a_reason_lets_it_go_on(page, console, held, policy_in_force, form, reason, scope) -> None:
    policy_in_force(POLICY % "")
    shown = page.show()
    assert "The customer asked for it" in shown and "For what was found here, for 24 hours" in shown
    assert page(do="justify", **form).status_code == 303
    (given,) = console.justifications.all()
    assert ((given.reason_id, given.reason), given.grant_scope, given.given_by) == (reason, scope, "page")
    assert given.holds(timestamp(datetime.now(UTC)))
    assert "it goes on now" in page.show()
    assert page(do="justify", **form).status_code == 422  # once
    assert "She asked" not in repr(console.ledger.entries())
    assert "justified" in [each.act for each in console.ledger.entries()]


@pytest.mark.parametrize(
    ("section", "form", "told"),
    [
        ("", {}, "Choose a reason"),
        ("", {"reason": "unheard-of"}, "Choose a reason"),
        ("", {"words": "ok"}, "Choose a reason"),
        ("", {"words": "jane@example.com asked for it"}, "Leave the values out"),
        (", free_text: false", {"words": "She asked for it"}, "Choose a reason"),
    ],
)
def test_what_is_no_reason(page, console, policy_in_force, section, form, told) -> None:
    policy_in_force(POLICY % section)
    answer = page(do="justify", **form)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert console.justifications.all() == []
    assert "jane@example.com" not in answer.text


def test_after_a_day_it_is_too_late(page, console, held, policy_in_force, installation) -> None:
    policy_in_force(POLICY % "")
    old = timestamp(datetime.now(UTC) - timedelta(minutes=PAGE_MINUTES + 1))
    console.justifications.forget("", held_before=timestamp(datetime.now(UTC) + timedelta(seconds=9)))
    console.justifications.hold(replace(held, time=old))
    assert 'name="do" value="justify"' not in page.show()
    assert page(do="justify", reason="asked").status_code == 422


def test_without_the_form_s_secret_nothing_is_given(page, console, policy_in_force) -> None:
    policy_in_force(POLICY % "")
    assert page(do="justify", reason="asked", token="another").status_code == 410
    assert console.justifications.all() == []
