from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from promptguard.errors import StorageError
from promptguard.policy.orders import Approval, Order, OrderKind, OrderNotPossible, OrderState
from promptguard.storage.orders import DatabaseOrders

NOW = "2026-03-01T09:30:00.000Z"
END = "2026-03-09T09:30:00.000Z"
BOB = Approval("b1", "Bob", NOW)
EVE = Approval("e1", "Eve", NOW)
ASKED = Order(
    "or-1",
    OrderKind.SUSPENSION,
    OrderState.ASKED,
    {"pseudonym": "p_ada"},
    "For the talk with her lawyer",
    "a1",
    "Ann",
    NOW,
    expires=END,
)
STOP = replace(
    ASKED, id="or-2", kind=OrderKind.STOP, state=OrderState.IN_FORCE, scope={"all": True}, asked="2026-03-02"
)


@pytest.fixture
def orders(installation: Any) -> DatabaseOrders:
    return DatabaseOrders(installation.database, installation.keys)


def end(orders: DatabaseOrders, id: str = "or-1", now: str = NOW) -> Order:
    return orders.end(id, by="c1", name="Cyd", now=now, reason="It is over")


def refuse(orders: DatabaseOrders) -> Order:
    return orders.refuse("or-1", by="c1", name="Cyd", now=NOW, reason="No")


def approve(orders: DatabaseOrders) -> Order:
    return orders.approve("or-1", BOB)


def test_from_being_asked_for_to_its_end(orders: DatabaseOrders) -> None:
    orders.add(ASKED)
    orders.add(STOP)
    assert orders.all() == [STOP, ASKED]
    assert orders.approve("or-1", BOB, needed=2) == replace(ASKED, approvals=(BOB,))
    approved = orders.approve("or-1", EVE, needed=2, beside=[BOB])
    assert approved == replace(ASKED, approvals=(BOB, EVE), state=OrderState.IN_FORCE)
    assert [each.holds(NOW) for each in orders.all()] == [True, True]
    assert not approved.holds(END)
    assert end(orders).state is OrderState.ENDED
    assert [(each.holds(NOW), each.ended_name, each.end_reason) for each in orders.all()] == [
        (True, "", ""),
        (False, "Cyd", "It is over"),
    ]
    assert orders.revision().startswith("5 ")


def test_a_stop_gets_the_words_that_it_could_not_wait_for(orders: DatabaseOrders) -> None:
    orders.add(ASKED, STOP)
    assert orders.reword("or-2", "Their incident", instead_of=STOP.reason) == replace(STOP, reason="Their incident")
    assert [each.reason for each in orders.all()] == ["Their incident", ASKED.reason]
    for id, instead_of in (("or-2", STOP.reason), ("or-1", ASKED.reason), ("or-3", "")):
        with pytest.raises(OrderNotPossible):
            orders.reword(id, "Other words", instead_of=instead_of)


def test_several_are_kept_or_none(orders: DatabaseOrders) -> None:
    with pytest.raises(StorageError):
        orders.add(STOP, ASKED, ASKED)
    assert orders.all() == []
    orders.add(STOP, ASKED)
    assert orders.all() == [STOP, ASKED]


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ([approve], approve),
        ([approve], refuse),
        ([refuse], approve),
        ([refuse], end),
        ([end], end),
        ([end], approve),
        ([approve, end], end),
        ([], lambda orders: end(orders, now=END)),
        ([], lambda orders: orders.approve("or-1", replace(BOB, time=END))),
        ([lambda orders: orders.approve("or-1", BOB, needed=2)], approve),
        # Another account approved it after somebody had seen that nobody had.
        ([lambda orders: orders.approve("or-1", BOB, needed=2)], lambda orders: orders.approve("or-1", EVE, needed=2)),
        ([], lambda orders: orders.approve("or-3", BOB)),
    ],
)
def test_what_cannot_follow(before: list[Callable[..., Order]], then: Callable[..., Order], orders: Any) -> None:
    orders.add(ASKED)
    for each in before:
        each(orders)
    known = orders.all(), orders.revision()
    with pytest.raises(OrderNotPossible):
        then(orders)
    assert (orders.all(), orders.revision()) == known


@pytest.mark.parametrize(
    "change",
    [
        "state = 'ended'",
        "state = 'asked'",
        "state = 'refused'",
        "state = 'anything'",
        "expires = '2026-03-01'",
        "scope = '{'",
        "kind = 'x'",
        "mac = '1'",
    ],
)
def test_who_has_the_database_alone_lifts_no_stop(change: str, orders: DatabaseOrders, installation: Any) -> None:
    orders.add(STOP)
    installation.ground.execute(f"UPDATE governance_order SET {change}")  # noqa: S608 - ours
    (changed,) = orders.all()
    assert not changed.genuine
    assert changed.holds(NOW)
    assert not end(orders, "or-2").holds(NOW)
    assert orders.all()[0].genuine


@pytest.mark.parametrize("kind", ["stop", "suspension"])
@pytest.mark.parametrize("change", ["state = 'ended', ended = '2026-01-01'", "expires = '2026-01-01'"])
def test_nor_has_it_forgotten(kind: str, change: str, orders: DatabaseOrders, installation: Any) -> None:
    orders.add(replace(STOP, kind=OrderKind(kind)))
    installation.ground.execute(f"UPDATE governance_order SET {change}")  # noqa: S608 - ours
    assert orders.forget("2026-03-02") == 0
    assert orders.all()[0].holds(NOW)


@pytest.mark.parametrize("kind", ["exception", "tool_status"])
@pytest.mark.parametrize("change", ["state = 'in_force'", "approvals = '[]'", "scope = '{}'", "expires = ''"])
def test_and_allows_nothing(kind: str, change: str, orders: DatabaseOrders, installation: Any) -> None:
    orders.add(replace(ASKED, kind=OrderKind(kind)))
    if "state" not in change:
        approve(orders)
    installation.ground.execute(f"UPDATE governance_order SET {change}")  # noqa: S608 - ours
    assert not orders.all()[0].holds(NOW)


def test_nor_suspends_whoever_was_asked_about(orders: DatabaseOrders, installation: Any) -> None:
    orders.add(ASKED)
    installation.ground.execute("UPDATE governance_order SET approvals = '[{}]'")
    assert not orders.all()[0].holds(NOW)


@pytest.mark.parametrize(
    ("acts", "before", "left"),
    [
        ([], "2026-03-02", 1),
        ([], "2026-03-10", 0),
        ([approve], "2026-03-02", 1),
        ([refuse], "2026-03-02", 0),
        ([approve, end], "2026-03-02", 0),
        ([approve, end], "2026-03-01", 1),
    ],
)
def test_what_is_over_is_forgotten(acts: list[Any], before: str, left: int, orders: DatabaseOrders) -> None:
    orders.add(ASKED)
    for each in acts:
        each(orders)
    assert orders.forget(before) == 1 - left
    assert len(orders.all()) == left


@pytest.mark.parametrize(
    ("kind", "holds"), [("stop", True), ("suspension", True), ("exception", False), ("tool_status", True)]
)
def test_what_is_left_where_rows_were_taken_out(
    kind: str, holds: bool, orders: DatabaseOrders, installation: Any
) -> None:
    orders.add(replace(STOP, kind=OrderKind(kind)))
    orders.add(ASKED)
    assert orders.read().doubt == ""
    installation.ground.execute("DELETE FROM governance_order WHERE id = 'or-1'")
    ((left,), doubt) = orders.read()
    assert (left.holds(NOW), left.in_doubt, bool(doubt)) == (holds, True, True)
    revision = orders.revision()
    orders.note()
    assert orders.revision() != revision, "all proxies look again"
    assert orders.read().doubt == doubt


def test_orders_are_given_while_others_are_in_doubt_and_nothing_is_forgotten(
    orders: DatabaseOrders, installation: Any
) -> None:
    orders.add(ASKED)
    orders.add(replace(ASKED, id="or-3"))
    installation.ground.execute("DELETE FROM governance_order WHERE id = 'or-3'")
    orders.add(STOP)
    refuse(orders)
    assert not end(orders, "or-2").holds(NOW)
    assert orders.read().doubt
    assert orders.forget("2027-01-01") == 0
    orders.accept([], NOW)
    assert orders.read().doubt == ""
    assert orders.forget("2027-01-01") == 2
    assert orders.read() == ([], "")


def test_what_a_machine_knows_to_be_stopped_comes_back_with_accepting(
    orders: DatabaseOrders, installation: Any
) -> None:
    lifted, gone, changed = (replace(STOP, id=f"or-{name}") for name in ("lifted", "gone", "changed"))
    for stop in (lifted, gone, changed):
        orders.add(stop)
    end(orders, "or-lifted")
    installation.ground.execute("DELETE FROM governance_order WHERE id = 'or-gone'")
    installation.ground.execute("UPDATE governance_order SET scope = '{}' WHERE id = 'or-changed'")
    assert orders.accept([lifted, gone, changed, replace(STOP, genuine=False)], NOW) == [gone, changed]
    found, doubt = orders.read()
    assert {order.id: order.holds(NOW) for order in found} == {"or-lifted": False, "or-gone": True, "or-changed": True}
    assert all(order.genuine and not order.in_doubt for order in found)
    assert doubt == ""


def test_what_a_machine_puts_back_by_itself_waits_in_doubt_and_is_written_once(
    orders: DatabaseOrders, installation: Any
) -> None:
    stop = replace(STOP, id="or-gone")
    orders.add(stop)
    installation.ground.execute("DELETE FROM governance_order WHERE id = 'or-gone'")
    orders.note([stop])
    noted = orders.revision()
    orders.note()
    assert orders.revision() == noted
    (found,), doubt = orders.read()
    assert (found.id, found.in_doubt, found.holds(NOW)) == ("or-gone", True, True)
    assert "took some out" in doubt
    end(orders, "or-gone")
    orders.note([stop])  # of a machine that has not heard of it yet
    assert [order.holds(NOW) for order in orders.read().orders] == [False]


def test_what_a_backup_brings_back_is_in_doubt(orders: DatabaseOrders) -> None:
    orders.add(ASKED)
    orders.restored()
    assert "put back from a backup" in orders.read().doubt
