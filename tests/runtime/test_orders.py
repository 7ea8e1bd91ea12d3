"""Which orders a proxy takes up, with or without the database."""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import orjson
import pytest

from promptguard.errors import StorageAway, StorageError
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

    def revision(self, *_: object) -> str:
        raise StorageAway("postgresql", "It is away.", "Wait.")

    add = approve = refuse = end = reword = read = note = restored = accept = forget = revision  # type: ignore[assignment]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OrderStore]:
    with closing(SQLiteBackend.open(tmp_path / "a.db")) as backend:
        yield backend.orders(Keys.load_or_create(tmp_path / "keys"))


def by_hand(tmp_path: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    """What somebody with the database alone does."""
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
        return connection.execute(statement, values).fetchall()


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


def sealed(content: bytes) -> bytes:
    return hmac.digest(b"k" * 32, b"kept orders\0" + content, "sha256") + content


OF_A_LATER_VERSION = sealed(orjson.dumps([{**asdict(STOP), "severity": 1}]))


@pytest.mark.parametrize("written", [b"", b"[]", b"x" * 40, OF_A_LATER_VERSION, sealed(b'[{"kind": "quarantine"}]')])
def test_a_copy_that_cannot_be_read_stops_all_until_the_database_is_back(
    written: bytes, store: OrderStore, kept: KeptOrders
) -> None:
    kept.path.write_bytes(written)
    standing = starting(kept)
    assert standing.stops.of_tool("any", NOW) is not None
    assert Standing.of(store.all(), NOW, standing).orders == ()


@pytest.mark.parametrize(
    ("act", "left"),
    [
        ("DELETE FROM governance_order", ["or-1", "or-2", "or-4"]),
        ("DELETE FROM governance_order WHERE id = 'or-1'", ["or-1", "or-2", "or-4"]),
        ("DELETE FROM meta WHERE name = 'orders_head'", ["or-1", "or-2", "or-4"]),
        ("UPDATE governance_order SET reason = 'Another' WHERE id = 'or-4'", ["or-1", "or-2", "or-4"]),
        ("SELECT 1", ["or-1", "or-2", "or-3", "or-4"]),
    ],
)
def test_what_is_deleted_in_the_database_stays_stopped_at_the_next_start(
    act: str, left: list[str], store: OrderStore, kept: KeptOrders, tmp_path: Path
) -> None:
    for order in (STOP, ADA, EXCEPTION, TOOL):
        store.add(order)
    OrdersFollowing(store, kept, lambda: NOW).at_start()
    by_hand(tmp_path, act)
    following = OrdersFollowing(store, kept, lambda: NOW)
    assert sorted(order.id for order in following.at_start().orders) == left
    assert bool(following.doubt) is (len(left) == 3)
    assert {order.id for order in starting(kept).orders} == {"or-1", "or-2", "or-4"}


@pytest.mark.parametrize("act", ["DELETE FROM governance_order", "UPDATE governance_order SET reason = reason || '!'"])
def test_what_is_gone_or_changed_is_put_back_by_who_knows_it_so_that_it_is_accepted_on_any_machine(
    act: str, store: OrderStore, kept: KeptOrders, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for order in (STOP, ADA, EXCEPTION, TOOL):
        store.add(order)
    following = OrdersFollowing(store, kept, lambda: NOW)
    following.at_start()
    assert caplog.messages == []
    for _ in range(2):  # once it is in doubt, too
        by_hand(tmp_path, act)
        by_hand(tmp_path, "UPDATE meta SET value = value + 1 WHERE name = 'order_revision'")
        following.changed()
        there = store.all()
        assert {order.id for order in there if order.holds(NOW)} == {"or-1", "or-2", "or-4"}
        assert all(order.genuine for order in there if order.id != "or-3")
    following.changed()
    told = "or changed in it, is put back: or-1 (stop), or-2 (suspension), or-4 (tool status)."
    assert [each.endswith(told) for each in caplog.messages if "put back" in each] == [True] * 2
    store.accept([], NOW)  # on a machine that knows none of them
    following.changed()
    assert following.doubt == ""
    assert {order.id for order in following.at_start().orders} == {"or-1", "or-2", "or-4"}


def test_what_was_lifted_meanwhile_is_not_put_back(store: OrderStore, kept: KeptOrders, tmp_path: Path) -> None:
    for order in (STOP, ADA):
        store.add(order)
    following = OrdersFollowing(store, kept, lambda: NOW)
    following.at_start()
    by_hand(tmp_path, "DELETE FROM governance_order WHERE id = 'or-2'")
    store.end("or-1", by="b", name="Bob", now=NOW, reason="Over")
    standing = following.changed()
    assert standing is not None and [order.id for order in standing.orders] == ["or-2"]
    assert {order.id: order.holds(NOW) for order in store.all()} == {"or-1": False, "or-2": True}


def test_an_exception_that_ended_counts_no_more_where_its_row_is_put_back(
    store: OrderStore, kept: KeptOrders, tmp_path: Path
) -> None:
    following = OrdersFollowing(store, kept, lambda: NOW)
    following.at_start()
    store.add(EXCEPTION)
    assert following.changed() is not None
    rows = by_hand(tmp_path, "SELECT state, ended, ended_by, ended_name, end_reason, mac FROM governance_order")
    heads = by_hand(tmp_path, "SELECT name, value FROM meta WHERE name LIKE 'order%'")
    store.end("or-3", by="b", name="Bob", now=NOW, reason="Over")
    standing = following.changed()
    assert standing is not None and standing.orders == ()
    by_hand(
        tmp_path,
        "UPDATE governance_order SET state = ?, ended = ?, ended_by = ?, ended_name = ?, end_reason = ?, mac = ?",
        *rows[0],
    )
    for name, value in heads:
        by_hand(tmp_path, "UPDATE meta SET value = ? WHERE name = ?", value, name)
    assert following.changed() is None
    assert "earlier time" in following.doubt
    started = OrdersFollowing(store, kept, lambda: NOW)
    assert started.at_start().orders == ()
    store.accept([], NOW)
    standing = started.changed()
    assert standing is not None and [order.id for order in standing.orders] == ["or-3"], "somebody has looked"
    assert started.doubt == ""


def test_a_suspension_that_waits_for_its_approval_again_is_in_force(
    store: OrderStore, kept: KeptOrders, tmp_path: Path
) -> None:
    store.add(replace(ADA, state=OrderState.ASKED, approvals=()))
    rows = by_hand(tmp_path, "SELECT state, approvals, mac FROM governance_order")
    store.approve("or-2", Approval("b", "Bob", NOW))
    OrdersFollowing(store, kept, lambda: NOW).at_start()
    by_hand(tmp_path, "UPDATE governance_order SET state = ?, approvals = ?, mac = ?", *rows[0])
    (order,) = OrdersFollowing(store, kept, lambda: NOW).at_start().orders
    assert (order.id, order.state) == ("or-2", OrderState.IN_FORCE)
    assert [each.holds(NOW) for each in store.all()] == [True], "it is put back at once"
    assert store.accept([order], NOW) == []


def test_a_database_that_cannot_be_written_holds_no_stop_up(
    store: OrderStore, kept: KeptOrders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object) -> None:
        raise StorageError("a.db", "It is read-only.", "See.")

    following = OrdersFollowing(store, kept, lambda: NOW)
    store.add(STOP)
    monkeypatch.setattr(store, "note", refused)
    assert following.at_start().orders == (STOP,)
