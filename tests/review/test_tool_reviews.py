"""Tools: assessed by one, decided on by another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.samples.reviewing import Installation
from tests.samples.reviewing import installation as new_installation

from promptguard.model import Destination, Kind, Status
from promptguard.review.accounts import Account, Accounts, NotPossible
from promptguard.review.roles import Role
from promptguard.review.tool_reviews import QUESTIONS, Assessment, ToolBook

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
CHAT = Destination("chat", "Chat", ("chat.example",), Kind.WEB_CHAT, Status.UNREVIEWED)
ANSWERS = dict.fromkeys(QUESTIONS, "As they say")
APPROVE = Assessment("chat", "approved", "2027-02-28", "It is fine", ANSWERS)


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
    store = installation.backend.orders(installation.keys.orders)
    return ToolBook(store, installation.database, tool={"chat": CHAT}.get, now=lambda: NOW)


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
    down = replace(APPROVE, status="prohibited", answers={}, incident="in-1", reason="After the incident")
    second = book.prepare(down, by=bob.id, name=bob.name)
    book.orders.add(second)
    book.approve(second, ann)
    assert book.judged([CHAT])[0].status is Status.PROHIBITED
    assert second.scope["incident"] == "in-1"
    assert book.orders.find(first.id).end_reason == f"Decided anew as {second.id}."


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"tool": "other"}, "no such tool"),
        ({"status": "personal_account"}, "Name the status: approved, "),
        ({"reason": ""}, "Say why"),
        ({"review_due": ""}, "a date such as"),
        ({"review_due": "2026-03-01"}, "after today, and within two years"),
        ({"review_due": "2029-03-01"}, "after today, and within two years"),
        ({"answers": {}}, "training, retention, region, contract, sub-processors"),
        ({"answers": {**ANSWERS, "region": " "}}, "say what holds of: region"),
    ],
)
def test_what_is_missing_is_told(book: ToolBook, changed: dict[str, Any], told: str) -> None:
    with pytest.raises(NotPossible, match=told):
        book.prepare(replace(APPROVE, **changed), by="a1", name="Ann")
