import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from promptguard.audit.chain import Chain
from promptguard.audit.interface import RecordingFailed
from promptguard.audit.record import canonical
from promptguard.model import Event


@pytest.mark.parametrize("durable", [True, False])
def test_append(installation: Any, make_event: Callable[..., Event], durable: bool) -> None:
    writer, chain = installation.store.writer(), Chain(installation.keys.audit)
    events = [make_event() for _ in range(5)]
    writer.append([canonical(event) for event in events[:2]], chain, durable=durable)
    head = writer.append([canonical(event) for event in events[2:]], chain, durable=durable)
    records = list(installation.store.records())
    assert [record.sequence for record in records] == [1, 2, 3, 4, 5]
    assert [record[1:5] for record in records] == [tuple(canonical(event)) for event in events]
    assert installation.store.head("1") == head == writer.settle()
    assert head.hash == records[-1].hash


def test_flushing_is_asked_of_sqlite(installation: Any, make_event: Callable[..., Event]) -> None:
    writer, chain = installation.store.writer(), Chain(installation.keys.audit)
    seen = []
    for durable in (False, True, False):
        writer.append([canonical(make_event())], chain, durable=durable)
        seen.append(writer._patient._connection.cursor().execute("PRAGMA synchronous").fetchone()[0])
    assert seen == [1, 2, 1]  # NORMAL, FULL
    writer.settle()
    assert writer._patient._connection.cursor().execute("PRAGMA synchronous").fetchone()[0] == 2


def test_appended_at_once(installation: Any, make_event: Callable[..., Event]) -> None:
    writer, chain = installation.store.writer(), Chain(installation.keys.audit)
    writer.append([canonical(make_event())], chain, durable=True)
    head = writer.append_at_once([canonical(make_event())], chain)
    assert head == installation.store.head("1") == writer.settle()
    assert head.sequence == 2
    assert writer.append([canonical(make_event())], chain, durable=False).sequence == 3


def test_nobody_is_waited_for(installation: Any, make_event: Callable[..., Event]) -> None:
    writer, chain = installation.store.writer(), Chain(installation.keys.audit)
    entries = [canonical(make_event())]
    with closing(sqlite3.connect(installation.database_file)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert writer.append_at_once(entries, chain) is None
        other.rollback()
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with installation.database.write_lock:
            taken.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert taken.wait(10)
    assert writer.append_at_once(entries, chain) is None
    done.set()
    holder.join()
    assert installation.store.head("1") is None
    assert writer.append_at_once(entries, chain) is not None


def test_appending_at_once_leaves_checkpoints_to_others(installation: Any, make_event: Callable[..., Event]) -> None:
    writer, chain = installation.store.writer(), Chain(installation.keys.audit)
    assert writer.append_at_once([canonical(make_event())], chain)
    asked = writer._hasty._connection.cursor()
    assert asked.execute("PRAGMA wal_autocheckpoint").fetchone()[0] == 0
    assert asked.execute("PRAGMA busy_timeout").fetchone()[0] == 0


def test_failed_transaction_appends_nothing(installation: Any, make_event: Callable[..., Event]) -> None:
    installation.fill(make_event())
    writer, chain = installation.store.writer(), Chain(installation.keys.audit)
    with closing(sqlite3.connect(installation.database_file)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit_record WHEN NEW.sequence = 3 "
            "BEGIN SELECT RAISE(ABORT, 'no more'); END"
        )
    with pytest.raises(RecordingFailed) as caught:
        writer.append([canonical(make_event()) for _ in range(2)], chain, durable=True)
    assert caught.value.__cause__ is None
    assert [record.sequence for record in installation.store.records()] == [1]
    writer.append([canonical(make_event())], chain, durable=True)
    assert installation.verify().records == 2
    assert installation.verify().ok


def test_chains_are_taken_in_order(installation: Any) -> None:
    with closing(installation.store.writer()) as one, closing(installation.store.writer()) as two:
        assert (one.chain, two.chain) == ("1", "2")
        one.close()
        one.close()
        with closing(installation.store.writer()) as again, closing(installation.store.writer()) as three:
            assert (again.chain, three.chain) == ("1", "3")


def test_a_chain_goes_on(installation: Any, make_event: Callable[..., Event]) -> None:
    assert installation.append(make_event()).sequence == 1
    assert installation.append(make_event()).sequence == 2
    with closing(installation.store.writer()):
        assert installation.append(make_event()).sequence == 1


def test_empty_chain(installation: Any) -> None:
    with closing(installation.store.writer()) as writer:
        assert writer.settle() is None


def test_no_lock_no_chain(installation: Any) -> None:
    installation.database_file.with_name("a.db-chain-1").mkdir()
    with pytest.raises(RecordingFailed, match=r"a\.db-chain-1"):
        installation.store.writer()
