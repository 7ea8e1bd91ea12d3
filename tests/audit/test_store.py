import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from promptguard.audit.chain import Chain
from promptguard.audit.interface import RecordingFailed
from promptguard.audit.record import canonical
from promptguard.model import Action, Event


def test_empty_store(installation: Any) -> None:
    store = installation.store
    assert store.head() is None
    assert store.settle() is None
    assert list(store.records()) == []
    assert store.last(5) == []
    assert store.find("pg-0000-0000-0000-0000") is None


@pytest.mark.parametrize("durable", [True, False])
def test_append(installation: Any, make_event: Callable[..., Event], durable: bool) -> None:
    store, chain = installation.store, Chain(installation.keys.audit)
    events = [make_event() for _ in range(5)]
    store.append([canonical(event) for event in events[:2]], chain, durable=durable)
    head = store.append([canonical(event) for event in events[2:]], chain, durable=durable)
    records = list(store.records())
    assert [record.sequence for record in records] == [1, 2, 3, 4, 5]
    assert [record[1:5] for record in records] == [tuple(canonical(event)) for event in events]
    assert store.head() == head == store.settle()
    assert head.hash == records[-1].hash


def test_reading(installation: Any, make_event: Callable[..., Event]) -> None:
    times = [f"2026-03-01T09:30:0{index}.000Z" for index in range(6)]
    actions = [Action.ALLOW, Action.BLOCK, Action.REDACT] * 2
    events = [replace(make_event(action=action), time=time) for action, time in zip(actions, times, strict=True)]
    installation.fill(*events)
    store = installation.store

    def sequences(**conditions: Any) -> list[int]:
        return [record.sequence for record in store.records(**conditions)]

    assert sequences() == [1, 2, 3, 4, 5, 6]
    assert sequences(after=4) == [5, 6]
    assert sequences(since=times[2], until=times[4]) == [3, 4]
    assert sequences(actions=["block"]) == [2, 5]
    assert sequences(actions=["block", "redact"], after=2) == [3, 5, 6]
    assert [record.sequence for record in store.last(2)] == [5, 6]
    found = store.find(events[3].id)
    assert found is not None and found.sequence == 4


def test_reading_goes_over_pages(installation: Any, make_event: Callable[..., Event]) -> None:
    installation.fill(*[make_event()] * 2001)
    assert [record.sequence for record in installation.store.records()] == list(range(1, 2002))


def test_flushing_is_asked_of_sqlite(installation: Any, make_event: Callable[..., Event]) -> None:
    store, chain = installation.store, Chain(installation.keys.audit)
    seen = []
    for durable in (False, True, False):
        store.append([canonical(make_event())], chain, durable=durable)
        seen.append(store._connection.cursor().execute("PRAGMA synchronous").fetchone()[0])
    assert seen == [1, 2, 1]  # NORMAL, FULL
    store.settle()
    assert store._connection.cursor().execute("PRAGMA synchronous").fetchone()[0] == 2


def test_failed_transaction_appends_nothing(installation: Any, make_event: Callable[..., Event]) -> None:
    installation.fill(make_event())
    store, chain = installation.store, Chain(installation.keys.audit)
    with closing(sqlite3.connect(installation.database_file)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit_record WHEN NEW.sequence = 3 "
            "BEGIN SELECT RAISE(ABORT, 'no more'); END"
        )
    with pytest.raises(RecordingFailed) as caught:
        store.append([canonical(make_event()) for _ in range(2)], chain, durable=True)
    assert caught.value.__cause__ is None
    assert [record.sequence for record in store.records()] == [1]
    store.append([canonical(make_event())], chain, durable=True)
    assert installation.verify().records == 2
    assert installation.verify().ok


def test_closed_store_takes_up_again(installation: Any, make_event: Callable[..., Event]) -> None:
    store, chain = installation.store, Chain(installation.keys.audit)
    for _ in range(2):
        store.append([canonical(make_event())], chain, durable=False)
        store.close()
        store.close()
    assert len(store.last(5)) == 2
