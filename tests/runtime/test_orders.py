"""Which orders a proxy takes up, with or without the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from promptguard.errors import StorageAway
from promptguard.keys import Keys
from promptguard.policy.orders import Approval, Order, OrderKind, OrderState, OrderStore
from promptguard.policy.standing import Standing
from promptguard.runtime.orders import KeptOrders, OrdersFollowing
from promptguard.storage.sqlite.backend import SQLiteBackend

NOW = "2026-03-01T09:30:00.000Z"
LATER = "2026-03-09T09:30:00.000Z"
STOP = Order("or-1", OrderKind.STOP, OrderState.IN_FORCE, {"destinations": ["chat"]}, "Why", "a", "Ann", NOW)
ADA = replace(STOP, id="or-2", kind=OrderKind.SUSPENSION, scope={"pseudonym": "p_ada"}, expires=LATER)
ADA = replace(ADA, approvals=(Approval("b", "Bob", NOW), Approval("c", "Cyd", NOW)))
TOOL = replace(STOP, id="or-4", kind=OrderKind.TOOL_STATUS, approvals=(Approval("b", "Bob", NOW),))
TOOL = replace(TOOL, scope={"destination": "chat", "status": "prohibited"})
EXCEPTION = replace(STOP, id="or-3", kind=OrderKind.EXCEPTION, scope={}, expires=LATER)


class Away(OrderStore):
    """A store whose database is away."""

    def revision(self) -> int:
        raise StorageAway("postgresql", "It is away.", "Wait.")

    add = approve = refuse = end = all = forget = revision  # type: ignore[assignment]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OrderStore]:
    with closing(SQLiteBackend.open(tmp_path / "a.db")) as backend:
        yield backend.orders(Keys.load_or_create(tmp_path / "keys").orders)


@pytest.fixture
def kept(tmp_path: Path) -> KeptOrders:
    return KeptOrders(tmp_path / "orders.kept", b"k" * 32)


def starting(kept: KeptOrders, now: str = NOW) -> Standing:
    """What is in force as a process starts while the database is away."""
    return OrdersFollowing(Away(), kept, lambda: now).at_start()


def test_what_changes_is_taken_up_once(store: OrderStore, kept: KeptOrders) -> None:
    following = OrdersFollowing(store, kept, lambda: NOW)
    assert following.at_start().orders == ()
    assert following.changed() is None
    assert not kept.path.exists()
    store.add(STOP)
    standing = following.changed()
    assert standing is not None and standing.orders == (STOP,)
    assert following.changed() is None
    store.end("or-1", by="b", name="Bob", now=NOW, reason="Over")
    standing = following.changed()
    assert standing is not None and standing.orders == ()
    assert starting(kept).orders == ()


def test_a_start_without_the_database_holds_what_was_stopped(store: OrderStore, kept: KeptOrders) -> None:
    for order in (STOP, ADA, EXCEPTION, TOOL):
        store.add(order)
    OrdersFollowing(store, kept, lambda: NOW).at_start()
    assert {order.id for order in starting(kept).orders} == {"or-1", "or-2", "or-4"}
    assert starting(kept).statuses.of_tool("chat", NOW) == TOOL
    assert [order for order in starting(kept).orders if order.id == "or-2"] == [ADA]
    assert [order.id for order in starting(kept, LATER).orders] == ["or-1", "or-4"]


@pytest.mark.parametrize("written", [b"", b"[]", b"x" * 40])
def test_a_copy_that_was_changed_stops_all_until_the_database_is_back(
    written: bytes, store: OrderStore, kept: KeptOrders
) -> None:
    kept.path.write_bytes(written)
    standing = starting(kept)
    assert standing.stops.of_tool("any", NOW) is not None
    assert Standing.of(store.all(), NOW, standing).orders == ()
