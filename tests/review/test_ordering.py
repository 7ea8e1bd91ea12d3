"""Orders that take two people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.samples.reviewing import Installation
from tests.samples.reviewing import installation as new_installation

from promptguard.audit.events import timestamp
from promptguard.policy.orders import Order, OrderKind, OrderNotPossible, OrderState
from promptguard.review.accounts import Account, Accounts, NotPossible
from promptguard.review.ledger import Act, Ledger
from promptguard.review.ordering import TwoPersonOrders, needed
from promptguard.review.roles import Role

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder: Path = tmp_path_factory.mktemp("installation")
    with new_installation(folder) as made:
        yield made


@pytest.fixture(scope="module")
def people(installation: Installation) -> list[Account]:
    accounts = Accounts(installation.database, installation.keys.second_factor)
    return [accounts.make(name, (Role.EXCEPTION_APPROVER,)) for name in ("Ann", "Bob", "Cid")]


@pytest.fixture
def orders(installation: Installation) -> TwoPersonOrders:
    store = installation.backend.orders(installation.keys)
    return TwoPersonOrders(OrderKind.EXCEPTION, store, installation.database, lambda: NOW)


def asked(orders: TwoPersonOrders, id: str, by: str, *, days: int = 7) -> Order:
    expires = timestamp(NOW + timedelta(days=days))
    order = Order(id, OrderKind.EXCEPTION, OrderState.ASKED, {}, "R.", by, "Ann", timestamp(NOW), expires=expires)
    orders.add(order)
    return order


def test_one_asks_and_another_approves(orders: TwoPersonOrders, people: list[Account]) -> None:
    ann, bob, _ = people
    order = asked(orders, "or-1", ann.id)
    assert "or-1" in [each.id for each in orders.waiting()]
    with pytest.raises(NotPossible, match="You asked for this yourself"):
        orders.approve(order, ann)
    assert orders.approve(order, bob).state is OrderState.IN_FORCE
    assert "or-1" in [each.id for each in orders.in_force()]
    with pytest.raises(OrderNotPossible):
        orders.approve(order, bob)


def test_what_was_asked_for_at_the_command_line_takes_two_accounts(
    orders: TwoPersonOrders, people: list[Account]
) -> None:
    _, bob, cid = people
    order = asked(orders, "or-2", "")
    assert needed(order) == 2
    once = orders.approve(order, bob)
    assert once.state is OrderState.ASKED
    with pytest.raises(NotPossible, match="another person has to approve"):
        orders.approve(once, bob)
    assert orders.approve(once, cid).state is OrderState.IN_FORCE


def test_two_accounts_of_one_person_that_approve_at_once_are_not_two(
    orders: TwoPersonOrders, people: list[Account], installation: Installation
) -> None:
    _, bob, _ = people
    second = Accounts(installation.database, installation.keys.second_factor).make("Bob 2", (Role.EXCEPTION_APPROVER,))
    Ledger(installation.database, installation.keys).note(
        Act.ACCOUNT_MADE, account=bob.id, name="Bob", detail={"account": "Bob 2"}
    )
    order = asked(orders, "or-7", "")
    assert orders.problem(order, bob) == orders.problem(order, second) == "", "each before the other has approved"
    once = orders.approve(order, bob)
    with pytest.raises(OrderNotPossible, match="at the same time"):
        orders.approve(order, second)
    with pytest.raises(NotPossible, match="a third person"):
        orders.approve(once, second)


def test_refused_and_ended(orders: TwoPersonOrders, people: list[Account]) -> None:
    ann, bob, _ = people
    order = asked(orders, "or-3", ann.id)
    with pytest.raises(NotPossible, match="Say why"):
        orders.refuse(order, bob, " ")
    refused = orders.refuse(order, bob, "Not now")
    assert (refused.state, refused.ended_name, refused.end_reason) == (OrderState.REFUSED, "Bob", "Not now")
    with pytest.raises(OrderNotPossible):
        orders.end(order, by="", name="the command line", reason="Over")
    taken_back = asked(orders, "or-4", ann.id)
    assert orders.end(taken_back, by=ann.id, name="Ann", reason="A mistake").state is OrderState.ENDED


def test_what_has_expired_does_not_wait(orders: TwoPersonOrders, people: list[Account]) -> None:
    order = asked(orders, "or-5", people[0].id, days=0)
    assert "or-5" not in [each.id for each in orders.waiting()]
    with pytest.raises(OrderNotPossible):
        orders.approve(order, people[1])


def test_what_there_is_not(orders: TwoPersonOrders) -> None:
    with pytest.raises(NotPossible, match="There is no “or-9”"):
        orders.find("or-9")


def test_who_asked_may_ask_still(orders: TwoPersonOrders, people: list[Account], installation: Installation) -> None:
    accounts = Accounts(installation.database, installation.keys.second_factor)
    dan = accounts.make("Dan", (Role.UNMASK_APPROVER,))
    order = asked(orders, "or-6", dan.id)
    with pytest.raises(NotPossible, match="may not ask any more"):
        orders.approve(order, people[1])
    assert "or-6" in [each.id for each in orders.waiting()]
