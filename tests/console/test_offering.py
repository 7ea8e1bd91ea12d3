"""What people are offered in place of a tool that their request was not sent to, on the page of the notice."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from tests.console.conftest import ORIGIN
from tests.samples.orders import order_of

from promptguard.model import Action, Status
from promptguard.policy.orders import Approval, OrderKind
from promptguard.review.policies import policy_of
from promptguard.review.roles import Role
from promptguard.review.staff_links import new_link

APPROVED = "Approved for this kind of work: Microsoft 365 Copilot."
"""The alternative that the registry names."""
TOLD = (
    "This tool may use what is sent to train its models.",
    "It is not known whether this tool trains its models with what is sent.",
)
ASKING = "I need this tool: please have it approved"


@pytest.fixture(autouse=True)
def approved(console, installation) -> None:
    """Claude is approved, as people have decided."""
    store = installation.backend.orders(installation.keys)
    scope = {"destination": "claude", "status": "approved", "review_due": "2999-01-31"}
    store.add(order_of(OrderKind.TOOL_STATUS, scope, "or-approved"))
    store.approve("or-approved", Approval("a2", "Bob", "2026-03-01T09:30:00.000Z"))


@pytest.fixture
def page(somebody, console, installation, make_event):
    """The page behind the link of a decision, opened."""

    def opened(**about: object) -> str:
        known = about.pop("data_handling", ())
        made = make_event(**{"destination": "deepseek-chat", "action": Action.BLOCK, **about})
        (event,) = installation.take_up(replace(made, data_handling=known))
        link = new_link(event.id, redacted="", files=[], now=time.time())
        console.staff.links.keep([link])
        person = somebody()
        person.post(f"/p/{link.secret}", data={"do": "open"}, headers={"origin": ORIGIN})
        return person.get(f"/p/{link.secret}").text

    return opened


@pytest.mark.parametrize(
    ("about", "named", "asked"),
    [
        ({"status": Status.UNREVIEWED}, True, True),
        ({"status": Status.PROHIBITED, "found": ["EMAIL_ADDRESS"]}, True, True),
        ({"status": Status.UNREVIEWED, "action": Action.ALLOW}, False, True),
        ({"status": Status.UNREVIEWED, "found": ["GITHUB_TOKEN"]}, False, True),
        ({"status": Status.UNREVIEWED, "rule": "suspension:or-1"}, False, True),
        ({"status": Status.APPROVED, "found": ["EMAIL_ADDRESS"]}, True, False),
        ({"status": Status.UNREVIEWED, "destination": "gone"}, False, False),
        # It was not approved when it was used, and is by now.
        ({"status": Status.UNREVIEWED, "destination": "claude"}, True, False),
    ],
)
def test_others_are_named_and_the_tool_can_be_asked_for(about, named: bool, asked: bool, page) -> None:
    shown = page(**about)
    assert (APPROVED in shown, ASKING in shown) == (named, asked)


def test_what_is_stopped_is_not_named(page, installation) -> None:
    store = installation.backend.orders(installation.keys)
    store.add(order_of(OrderKind.STOP, {"destinations": ["microsoft-365-copilot"]}, "or-stop"))
    assert "Approved for this kind of work" not in page(status=Status.UNREVIEWED)


def test_a_tool_is_asked_for_by_its_button(somebody, console, installation, make_event) -> None:
    (event,) = installation.take_up(
        make_event(destination="deepseek-chat", action=Action.BLOCK, status=Status.UNREVIEWED)
    )
    ann = somebody(Role.ANALYST)
    page = ann.get(f"/look-up?id={event.id}").text
    form = next(each for each in page.split("<form")[1:] if ASKING in each)
    token = re.search(r'name="token" value="(\w+)"', form)
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form))
    assert token and fields["kind"] == "request_approval"
    ann.post(f"/look-up/{event.id}", data={**fields, "remark": "for jane@example.com"}, headers={"origin": ORIGIN})
    (report,) = console.staff.reports.of_decision(event.id)
    assert (report.kind, report.remark) == ("request_approval", "for [EMAIL_ADDRESS]")


TRAINS = """
version: "1"
rules:
  - {id: trains, when: {provider: {trains_on_prompts: [yes, unknown]}}, action: block, reason: Not for training.}
  - {id: rest, action: allow, reason: The rest.}
"""


@pytest.mark.parametrize(
    ("about", "known", "told"),
    [
        ({"rule": "trains"}, ["trains_on_prompts=yes"], "This tool may use what is sent to train its models."),
        ({"rule": "trains"}, [], "It is not known whether this tool trains its models with what is sent."),
        ({"rule": "trains"}, ["of another version"], ""),
        ({"rule": "trains", "action": Action.REDACT}, ["trains_on_prompts=yes"], ""),
        ({"rule": "rest"}, ["trains_on_prompts=yes"], ""),
    ],
)
def test_what_was_known_of_the_provider_is_told(
    about, known, told: str, page, console, make_event, monkeypatch
) -> None:
    monkeypatch.setattr(console.policies, "policy_that_decided", lambda _: policy_of(TRAINS))
    shown = page(status=Status.APPROVED, data_handling=tuple(known), **about)
    assert [each for each in TOLD if each in shown] == ([told] if told else [])
