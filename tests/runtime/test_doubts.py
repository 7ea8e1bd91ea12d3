"""What people decided beside the policy, where somebody with the database alone has been at it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from promptguard.detectors.false_alarms import FalseAlarm, FalseAlarmState
from promptguard.keys import Keys
from promptguard.policy.orders import Order, OrderKind, OrderState
from promptguard.runtime.doubts import Decided, opened_decided, told_of_false_alarms, told_of_orders
from promptguard.storage.sqlite.backend import SQLiteBackend

NOW = "2026-03-01T09:30:00.000Z"
LATER = "2026-03-09T09:30:00.000Z"
CONFIG = Path(__file__).parents[2] / "config"
EXCEPTION = Order("or-1", OrderKind.EXCEPTION, OrderState.IN_FORCE, {}, "Why", "a", "Ann", NOW, expires=LATER)
STOP = replace(EXCEPTION, id="or-2", kind=OrderKind.STOP, scope={"all": True})
ALARM = FalseAlarm("al-1", "f" * 32, "EMAIL_ADDRESS", "personal_data", "pg-1", "", "a", "Ann", NOW, LATER)


@dataclass
class Place:
    """An installation."""

    folder: Path
    decided: Decided

    def by_hand(self, statement: str) -> None:
        with closing(sqlite3.connect(self.folder / "promptguard.db")) as connection, connection:
            connection.execute(statement)

    def accept(self, alarm: FalseAlarm) -> None:
        self.decided.false_alarms.ask([alarm])
        self.decided.false_alarms.answer(alarm.id, FalseAlarmState.ACCEPTED, by="b", name="Bob", now=NOW)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with closing(SQLiteBackend.open(tmp_path / "promptguard.db")) as backend:
        yield Place(tmp_path, Decided.of(backend, Keys.load_or_create(tmp_path / "keys")))


def test_each_is_told_by_itself(place: Place) -> None:
    assert told_of_orders("") == told_of_false_alarms("") == ""
    place.decided.orders.add(STOP)
    place.accept(ALARM)
    assert place.decided.doubts() == []
    place.by_hand("DELETE FROM allowance")
    (told,) = place.decided.doubts()
    assert told.startswith("Accepted false alarms are in doubt. ")
    place.by_hand("DELETE FROM governance_order")
    assert [each.partition(" are in doubt. ")[0] for each in place.decided.doubts()] == [
        "Orders beside the policy",
        "Accepted false alarms",
    ]
    assert all("`promptguard orders check`" in each for each in place.decided.doubts())


@pytest.mark.parametrize(
    ("order", "alarm", "in_doubt"),
    [
        (None, None, 0),
        (STOP, None, 0),
        (replace(EXCEPTION, state=OrderState.ASKED), None, 0),
        (replace(EXCEPTION, expires="2026-02-01"), None, 0),
        (EXCEPTION, None, 1),
        (STOP, ALARM, 1),
        (EXCEPTION, ALARM, 2),
    ],
)
def test_of_a_backup_what_allows_something_waits(
    order: Order | None, alarm: FalseAlarm | None, in_doubt: int, place: Place
) -> None:
    if order:
        place.decided.orders.add(order)
    if alarm:
        place.accept(alarm)
    assert place.decided.restored(NOW) is bool(in_doubt)
    assert len(place.decided.doubts()) == in_doubt
    assert all("put back from a backup" in each for each in place.decided.doubts())


def test_a_copy_of_an_installation_is_read_as_it_is(place: Place, tmp_path: Path) -> None:
    place.decided.orders.add(STOP)
    shutil.copytree(tmp_path, tmp_path / "copy")
    with opened_decided(CONFIG, tmp_path / "copy") as (decided, _, keys):
        assert (decided.orders.all(), decided.doubts()) == ([STOP], [])
        assert keys.folder == tmp_path / "copy" / "keys"
