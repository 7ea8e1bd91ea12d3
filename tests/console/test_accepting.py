"""Somebody at the command line looks at what is in doubt, and accepts it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.runtime.test_doubts import ALARM, CONFIG, EXCEPTION, STOP

from promptguard.audit.events import timestamp
from promptguard.console.accepting import AcceptingDesk, accepting
from promptguard.detectors.false_alarms import FalseAlarmState
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.policy.orders import OrderKind
from promptguard.review.ledger import Act
from promptguard.runtime.orders import KeptOrders, OrdersFollowing
from promptguard.storage.sqlite.backend import SQLiteBackend

END = timestamp(datetime.now(UTC) + timedelta(days=9))
LASTING = replace(EXCEPTION, expires=END)
GONE = replace(STOP, expires=END)
PERSON = replace(GONE, id="or-3", kind=OrderKind.SUSPENSION, reason="For the talk with her lawyer")


@pytest.fixture
def by_hand(tmp_path: Path) -> Callable[[str], None]:
    """An installation whose proxy has seen what was decided; what somebody with the database alone does."""
    keys = Keys.load_or_create(tmp_path / "keys")
    with closing(SQLiteBackend.open(tmp_path / "promptguard.db")) as backend:
        orders, alarms = backend.orders(keys), backend.false_alarms(keys)
        for order in (LASTING, GONE, PERSON):
            orders.add(order)
        alarms.ask([replace(ALARM, expires=END)])
        alarms.answer(ALARM.id, FalseAlarmState.ACCEPTED, by="b", name="Bob", now=ALARM.asked)
        OrdersFollowing(orders, KeptOrders(tmp_path / "orders.kept", keys.orders)).at_start()

    def done(statement: str) -> None:
        with closing(sqlite3.connect(tmp_path / "promptguard.db")) as connection, connection:
            connection.execute(statement)

    return done


def seen(desk: AcceptingDesk) -> tuple[list[str], list[str], list[str]]:
    would = desk.would_count()
    return (
        [*(each.id for each in would.orders)],
        [*(each.id for each in would.back)],
        [*(each.id for each in would.false_alarms)],
    )


@pytest.mark.parametrize(
    ("statements", "told", "of"),
    [
        (["DELETE FROM governance_order WHERE id = 'or-2'"], (["or-1"], ["or-2"], []), "orders"),
        (["DELETE FROM governance_order"], ([], ["or-2", "or-3"], []), "orders"),
        (["DELETE FROM meta WHERE name = 'allow_list_head'"], ([], [], ["al-1"]), "false alarms"),
        (["DELETE FROM meta"], (["or-1"], [], ["al-1"]), "orders, false alarms"),
    ],
)
def test_what_is_there_is_accepted_and_what_was_stopped_is_put_back(
    statements: list[str],
    told: tuple[list[str], list[str], list[str]],
    of: str,
    by_hand: Callable[[str], None],
    tmp_path: Path,
) -> None:
    for statement in statements:
        by_hand(statement)
    with accepting(CONFIG, tmp_path) as desk:
        assert desk.doubts()
        assert tuple(map(sorted, seen(desk))) == told
        accepted = desk.accept(name="ann", reason="  We  looked ")
        assert sorted(each.id for each in accepted.back) == told[1]
        assert desk.doubts() == []
        assert seen(desk) == ([], [], [])
        stopped = {"or-2", "or-3"}
        assert stopped <= {order.id for order in desk.decided.orders.all() if order.holds(ALARM.asked)}
        (entry,) = desk.ledger.entries()
    assert (entry.act, entry.object, entry.detail["reason"]) == (Act.ORDERS_ACCEPTED, of, "We looked")
    assert (entry.detail["by"], entry.detail["name"]) == ("command line", "ann")


def test_nothing_is_accepted_without_a_doubt_or_a_reason(by_hand: Callable[[str], None], tmp_path: Path) -> None:
    with accepting(CONFIG, tmp_path) as desk:
        with pytest.raises(PromptGuardError, match="Nothing is in doubt"):
            desk.accept(name="ann", reason="x")
        by_hand("DELETE FROM governance_order")
        with pytest.raises(PromptGuardError, match="Say why"):
            desk.accept(name="ann", reason=" ")
        assert desk.doubts()
        assert desk.ledger.entries() == []
