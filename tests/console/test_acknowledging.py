"""Acknowledging the company's document on the page that a notice leads to."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.console.conftest import ORIGIN

from promptguard.audit.events import timestamp
from promptguard.model import Action
from promptguard.policy.acknowledgements import RULE, Acknowledgement, Document
from promptguard.policy.acknowledging import Acknowledging
from promptguard.review.staff_links import new_link

DOCUMENT = Document(Acknowledging(document="ai.md", version="3"), "s" * 64, "# Use AI\n\n*With* care.\n\nAsk <us>.")


@pytest.fixture
def blocked(installation, make_event):
    event = replace(
        make_event(action=Action.BLOCK),
        rule=RULE,
        adjusted='acknowledgement.needed document=ai-policy version="3" identity_class=contractor',
    )
    return installation.take_up(event)[0]


@pytest.fixture
def page(somebody, console, blocked, monkeypatch):
    bundle = replace(console.services.bundle(), document=DOCUMENT)
    monkeypatch.setattr(type(console.services), "bundle", lambda self: bundle)
    made = new_link(blocked.id, redacted="", files=[], now=time.time())
    console.staff.links.keep([made])
    person, where = somebody(), f"/p/{made.secret}"
    person.post(where, data={"do": "open"}, headers={"origin": ORIGIN})

    def send(**form: str):
        token = re.search(r'name="token" value="(\w+)"', person.get(where).text)
        return person.post(where, data={"token": token[1], "do": "acknowledge", **form}, headers={"origin": ORIGIN})

    send.show = lambda: person.get(where).text
    return send


def test_it_is_shown_acknowledged_and_kept(page, console, blocked) -> None:
    shown = page.show()
    assert "<h3>Use AI</h3>" in shown and "<p><em>With</em> care.</p>" in shown and "version 3" in shown
    assert "Ask &lt;us&gt;." in shown and shown.count("<h1") == 1
    assert page(sha256="s" * 64).status_code == 303
    (given,) = console.acknowledgements.all()
    assert (given.pseudonym, given.identity_class, given.decision_id, given.client) == (
        blocked.pseudonym,
        "contractor",
        blocked.id,
        blocked.format,
    )
    assert (given.document, given.version, given.sha256) == ("ai-policy", "3", "s" * 64)
    again = page.show()
    assert "You have acknowledged this" in again and blocked.pseudonym not in again
    assert page(sha256="s" * 64).status_code == 303
    assert len(console.acknowledgements.all()) == 1
    assert "acknowledged" in [each.act for each in console.ledger.entries()]


@pytest.mark.parametrize(
    ("form", "status"), [({"sha256": "t" * 64}, 422), ({}, 422), ({"sha256": "s" * 64, "token": "no"}, 410)]
)
def test_what_was_not_shown_is_not_acknowledged(page, console, form, status) -> None:
    assert page(**form).status_code == status
    assert console.acknowledgements.all() == []


@pytest.mark.parametrize(("days_ago", "shown"), [(100, False), (360, True), (370, False)])
def test_it_can_be_acknowledged_early_where_it_lapses_soon(
    somebody, console, installation, make_event, page, blocked, days_ago: int, shown: bool
) -> None:
    when = timestamp(datetime.now(UTC) - timedelta(days=days_ago))
    old = Acknowledgement("a1", blocked.pseudonym, "service", "ai-policy", "3", "s" * 64, when, "pg-1", "x")
    console.acknowledgements.add(old)
    other = installation.take_up(make_event(action=Action.BLOCK))[0]
    assert other.pseudonym == blocked.pseudonym
    made = new_link(other.id, redacted="", files=[], now=time.time())
    console.staff.links.keep([made])
    person, where = somebody(), f"/p/{made.secret}"
    person.post(where, data={"do": "open"}, headers={"origin": ORIGIN})
    text = person.get(where).text
    assert ("That lapses on" in text) is shown
    token = re.search(r'name="token" value="(\w+)"', text)
    form = {"token": token[1], "do": "acknowledge", "sha256": "s" * 64}
    person.post(where, data=form, headers={"origin": ORIGIN})
    assert [each.identity_class for each in console.acknowledgements.all()] == ["service"] * (1 + shown)


def test_another_decision_s_page_asks_for_nothing(somebody, console, installation, make_event, page) -> None:
    other = installation.take_up(make_event(action=Action.BLOCK))[0]
    made = new_link(other.id, redacted="", files=[], now=time.time())
    console.staff.links.keep([made])
    person = somebody()
    person.post(f"/p/{made.secret}", data={"do": "open"}, headers={"origin": ORIGIN})
    assert "Use AI with care." not in person.get(f"/p/{made.secret}").text
