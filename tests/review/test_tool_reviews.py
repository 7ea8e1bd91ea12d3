"""Tools: assessed by one, decided on by another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.samples.reviewing import Installation
from tests.samples.reviewing import installation as new_installation

from promptguard.model import DataHandling, Destination, Kind, Status
from promptguard.review.accounts import Account, Accounts, NotPossible
from promptguard.review.roles import Role
from promptguard.review.tool_reviews import QUESTIONS, Assessment, ToolBook, is_plain_answer

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
CHAT = Destination("chat", "Chat", ("chat.example",), Kind.WEB_CHAT, Status.UNREVIEWED)
TOLD = replace(CHAT, id="told", data_handling=DataHandling(trains_on_prompts=False))
TOOLS = {"chat": CHAT, "other": replace(CHAT, id="other"), "told": TOLD}
ANSWERS = dict.fromkeys(QUESTIONS, "As they say")
TRAINS = {"trains_on_prompts": "no"}
APPROVE = Assessment("chat", "approved", "2027-02-28", "It is fine", ANSWERS, data_handling=TRAINS)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with new_installation(tmp_path_factory.mktemp("installation")) as made:
        yield made


@pytest.fixture(scope="module")
def people(installation: Installation) -> list[Account]:
    accounts = Accounts(installation.database, installation.keys.second_factor)
    return [accounts.make(name, (Role.REGISTRY_OWNER,)) for name in ("Ann", "Bob")]


@pytest.fixture
def book(installation: Installation) -> ToolBook:
    store = installation.backend.orders(installation.keys)
    return ToolBook(store, installation.database, tool=TOOLS.get, now=lambda: NOW)


def test_approved_and_downgraded(book: ToolBook, people: list[Account]) -> None:
    ann, bob = people
    first = book.prepare(APPROVE, by=ann.id, name=ann.name)
    book.orders.add(first)
    assert book.judged([CHAT]) == [CHAT]
    with pytest.raises(NotPossible, match="You asked for this yourself"):
        book.approve(first, ann)
    book.approve(first, bob)
    (judged,) = book.judged([CHAT])
    assert (judged.status, judged.review_due) == (Status.APPROVED, "2027-02-28")

    # Downwards nothing has to be answered; the incident is named.
    down = replace(
        APPROVE, status="prohibited", answers={}, incident="in-1", reason="After the incident", data_handling={}
    )
    second = book.prepare(down, by=bob.id, name=bob.name)
    book.orders.add(second)
    book.approve(second, ann)
    assert book.judged([CHAT])[0].status is Status.PROHIBITED
    assert second.scope["incident"] == "in-1"
    assert second.scope["data_handling"] == TRAINS
    assert book.orders.find(first.id).end_reason == f"Decided anew as {second.id}."


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"tool": "none"}, "no such tool"),
        ({"status": "personal_account"}, "Name the status: approved, "),
        ({"reason": ""}, "Say why"),
        ({"review_due": ""}, "a date such as"),
        ({"review_due": "2026-03-01"}, "after today, and within two years"),
        ({"review_due": "2029-03-01"}, "after today, and within two years"),
        ({"answers": {}}, "training, retention, region, contract, sub-processors"),
        ({"answers": {**ANSWERS, "region": " "}}, "say what holds of: region"),
        ({"data_handling": {"trains_on_prompts": "maybe"}}, "Say yes, no or unknown"),
        ({"data_handling": {"agreement": "none"}}, "Say yes, no or unknown"),
        ({"data_handling": {"retention_days": "a month"}}, "as a number up to 36500, or unknown"),
        ({"data_handling": {"retention_days": "-1"}}, "as a number up to 36500, or unknown"),
    ],
)
def test_what_is_missing_is_told(book: ToolBook, changed: dict[str, Any], told: str) -> None:
    with pytest.raises(NotPossible, match=told):
        book.prepare(replace(APPROVE, **changed), by="a1", name="Ann")


@pytest.mark.parametrize(
    ("given", "handling"),
    [
        ({**TRAINS, "retention_days": " 30 "}, {**TRAINS, "retention_days": 30}),
        (
            {**TRAINS, "retention_days": "Unknown", "region": "UNKNOWN"},
            dict.fromkeys(("retention_days", "region"), "unknown") | TRAINS,
        ),
        (
            {**TRAINS, "region": "EU,  Switzerland", "agreement": "yes"},
            {**TRAINS, "region": "EU, Switzerland", "agreement": "yes"},
        ),
    ],
)
def test_what_rules_go_by_is_kept(book: ToolBook, given: dict[str, str], handling: dict[str, str | int]) -> None:
    other = replace(APPROVE, tool="other", data_handling=given)
    assert book.prepare(other, by="a1", name="Ann").scope["data_handling"] == handling


def test_whether_models_are_trained_is_known_before_it_may_be_used_more(book: ToolBook) -> None:
    asked = replace(APPROVE, tool="other", data_handling={})
    with pytest.raises(NotPossible, match="say whether models are trained"):
        book.prepare(asked, by="a1", name="Ann")
    assert book.prepare(replace(asked, tool="told"), by="a1", name="Ann").scope.get("data_handling") is None
    assert book.prepare(replace(asked, status="prohibited"), by="a1", name="Ann")


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("yes", True),
        (" Unknown ", True),
        ("30", True),
        ("36500", True),
        ("", False),
        ("123456", False),
        ("٣", False),
        ("EU", False),
        ("yes, says ada@corp.example", False),
    ],
)
def test_what_needs_no_search(given: str, plain: bool) -> None:
    assert is_plain_answer(given) is plain
