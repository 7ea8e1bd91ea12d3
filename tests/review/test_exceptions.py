"""Exceptions, from the question to the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.samples.reviewing import Installation
from tests.samples.reviewing import installation as new_installation

from promptguard.model import DataClass
from promptguard.policy.orders import OrderState
from promptguard.policy.schema import ExceptionTerms
from promptguard.review.accounts import Account, Accounts, NotPossible
from promptguard.review.exceptions import ExceptionBook, Wanted
from promptguard.review.roles import Role

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
WANTED = Wanted(
    reason="For the pilot",
    days=30,
    destinations=["chat"],
    data_classes=["tenant_data"],
    users=[" ada ", "ada", ""],
    contract="C-17",
)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with new_installation(tmp_path_factory.mktemp("installation")) as made:
        yield made


@pytest.fixture(scope="module")
def people(installation: Installation) -> list[Account]:
    accounts = Accounts(installation.database, installation.keys.second_factor)
    return [accounts.make(name, (Role.EXCEPTION_APPROVER,)) for name in ("Ann", "Bob")]


class Clock:
    now = NOW


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(installation: Installation, clock: Clock) -> ExceptionBook:
    return ExceptionBook(
        installation.backend.orders(installation.keys),
        installation.database,
        terms=ExceptionTerms,
        tools=lambda: {"chat", "api"},
        pseudonym=lambda name: f"p_{name}",
        users=lambda: {"ada", "bob"},
        groups=lambda: {"support", *(f"g{number}" for number in range(60))},
        now=lambda: clock.now,
    )


def test_through_its_life(book: ExceptionBook, people: list[Account], clock: Clock) -> None:
    ann, bob = people
    order = book.prepare(WANTED, by=ann.id, name=ann.name)
    book.orders.add(order)
    assert order.scope == {
        "pseudonyms": ["p_ada"],
        "destinations": ["chat"],
        "data_classes": ["tenant_data"],
        "action": "allow",
        "contract": "C-17",
    }
    assert order.expires == "2026-03-31T09:30:00.000Z"
    with pytest.raises(NotPossible):
        book.approve(order, ann, ["ada"])
    with pytest.raises(NotPossible, match="for others than you name"):
        book.approve(order, bob, ["eve"])
    held = book.approve(order, bob, ["ada"])
    assert held in book.orders.in_force()

    clock.now = NOW + timedelta(days=20)
    renewal = book.prepare_renewal(held, reason="The pilot goes on", days=60, by=ann.id, name=ann.name)
    book.orders.add(renewal)
    assert [each.id for each in book.orders.in_force()] == [order.id], "the old one holds until the new one does"
    with pytest.raises(NotPossible):
        book.approve(renewal, ann, ["ada"])
    book.approve(renewal, bob, ["ada"])
    assert [each.id for each in book.orders.in_force()] == [renewal.id]
    assert book.orders.find(order.id).end_reason == f"Renewed as {renewal.id}."

    clock.now = NOW + timedelta(days=81)
    assert list(book.orders.in_force()) == []
    assert book.orders.find(renewal.id).state is OrderState.IN_FORCE, "nobody has ended it: its time is over"
    with pytest.raises(NotPossible, match="ask for a new one"):
        book.prepare_renewal(book.orders.find(renewal.id), reason="R", days=1, by=ann.id, name=ann.name)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"reason": " "}, "Say why"),
        ({"days": 0}, "after 1 to 365 days"),
        ({"days": 366}, "after 1 to 365 days"),
        ({"users": []}, "name users or groups"),
        ({"users": ["adda"]}, "“adda” is no user who signs in"),
        ({"groups": ["supprot"]}, "“supprot” is no group"),
        ({"destinations": []}, "at which tool"),
        ({"destinations": ["chatt"]}, "“chatt” is no tool of the registry"),
        ({"data_classes": []}, "of which data class"),
        ({"data_classes": ["secrets"]}, "“secrets” is no data class"),
        ({"data_classes": ["credentials"]}, "no exceptions for credentials"),
        ({"data_classes": ["tenant_data", "credentials"]}, "no exceptions for credentials"),
        ({"purposes": ["fun"]}, "“fun” is no purpose"),
        ({"action": "notify"}, "allowed, or redacted"),
        ({"groups": [f"g{number}" for number in range(51)]}, "at most 50"),
    ],
)
def test_what_cannot_be_asked_for(book: ExceptionBook, changed: dict[str, Any], told: str) -> None:
    with pytest.raises(NotPossible, match=told):
        book.prepare(replace(WANTED, **changed), by="a1", name="Ann")


def test_what_the_policy_forbids_since_is_not_approved(
    book: ExceptionBook, people: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = book.prepare(WANTED, by=people[0].id, name="Ann")
    book.orders.add(order)
    monkeypatch.setattr(book, "terms", lambda: ExceptionTerms(never=(DataClass.TENANT_DATA,)))
    with pytest.raises(NotPossible, match="no exceptions for tenant_data"):
        book.approve(order, people[1], ["ada"])
