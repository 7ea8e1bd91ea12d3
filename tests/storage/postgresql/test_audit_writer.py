"""One chain, one writer: whatever happens to the server or to the session, nothing is lost, doubled or out of order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from tests.storage.grounds import INSTALLATION, PostgreSQLGround

from promptguard.audit.chain import Chain
from promptguard.audit.interface import Entry, RecordingFailed
from promptguard.audit.record import canonical
from promptguard.audit.verify import verify
from promptguard.model import Event
from promptguard.storage.postgresql.audit_writer import PostgreSQLWriter

KEY = bytes(range(32))


@pytest.fixture
def database(on_postgresql: PostgreSQLGround) -> Iterator[Any]:
    with closing(on_postgresql.open()) as database:
        yield database


class Writing:
    """A writer and its chain, as a recorder holds them."""

    def __init__(self, writer: PostgreSQLWriter) -> None:
        self.writer = writer
        self.chain = Chain(KEY, writer.chain)
        self.count = 0

    def append(self, number: int = 1, *, durable: bool = True) -> None:
        names = [f"{self.writer.chain}/{self.count + each}" for each in range(number)]
        entries = [Entry(name, "2026-03-01T09:30:00.000Z", "allow", name.encode()) for name in names]
        self.chain.trust(self.writer.append(entries, self.chain, durable=durable))
        self.count += number


def end_sessions(ground: PostgreSQLGround) -> None:
    ground.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name LIKE 'promptguard-chain%'"
    )


def test_who_remembers_the_last_position_misses_none_and_reads_none_twice(
    on_postgresql: PostgreSQLGround, database: Any
) -> None:
    store = on_postgresql.store(database)
    writers = [Writing(store.writer()) for _ in range(4)]

    def write(writing: Writing) -> None:
        for number in range(30):
            writing.append(1 + number % 3, durable=bool(number % 2))

    threads = [threading.Thread(target=write, args=(writing,)) for writing in writers]
    for thread in threads:
        thread.start()
    read: list[str] = []
    after = 0
    ending = False
    while not ending:
        ending = not any(thread.is_alive() for thread in threads)
        for record in store.records(after=after):
            after = record.position
            read.append(record.event_id)
    assert sorted(read) == sorted(f"{w.writer.chain}/{n}" for w in writers for n in range(w.count))
    assert verify(store, KEY).records == len(read) == 4 * 60
    for writing in writers:
        writing.writer.close()


@pytest.mark.parametrize("durable", [True, False])
def test_what_the_server_lost_is_written_again(on_postgresql: PostgreSQLGround, database: Any, durable: bool) -> None:
    store = on_postgresql.store(database)
    writing = Writing(store.writer())
    writing.append(2)
    for _ in range(3):
        writing.append(2, durable=durable)
        on_postgresql.server.stop("immediate")
        with pytest.raises(RecordingFailed):
            writing.append()
        on_postgresql.server.start()
    writing.append(durable=False)
    assert [record.event_id for record in store.records()] == [f"{INSTALLATION}-1/{n}" for n in range(9)]
    assert verify(store, KEY).ok
    assert writing.writer.settle() == store.head(writing.chain.name)


def test_a_lost_session_is_taken_anew(on_postgresql: PostgreSQLGround, database: Any) -> None:
    writing = Writing(on_postgresql.store(database).writer())
    writing.append()
    end_sessions(on_postgresql)
    writing.append()
    assert writing.count == 2


def test_a_session_that_the_server_takes_for_alive_is_ended(on_postgresql: PostgreSQLGround, database: Any) -> None:
    writing = Writing(on_postgresql.store(database).writer())
    writing.append()
    left, writing.writer._session._connection = writing.writer._session._connection, None
    writing.append()
    assert left is not None
    assert writing.count == 2


def test_never_two_writers_in_one_chain(on_postgresql: PostgreSQLGround, database: Any) -> None:
    store = on_postgresql.store(database)
    writing = Writing(store.writer())
    writing.append()
    assert store.resume(writing.writer.chain) is None
    on_postgresql.server.stop()
    on_postgresql.server.start()
    other = store.resume(writing.writer.chain)
    assert other is not None
    with pytest.raises(RecordingFailed, match="Another process has taken chain"):
        writing.append()
    Writing(other).append()
    other.close()
    writing.append()
    assert [record.sequence for record in store.records()] == [1, 2, 3]


def test_chains_of_several_installations(on_postgresql: PostgreSQLGround, database: Any) -> None:
    stores = [on_postgresql.store(database, name * 12) for name in "abab"]
    writers = [store.writer() for store in stores]
    assert [writer.chain for writer in writers] == [
        f"{'a' * 12}-1",
        f"{'b' * 12}-1",
        f"{'a' * 12}-2",
        f"{'b' * 12}-2",
    ]


def test_failed_transaction_appends_nothing(
    on_postgresql: PostgreSQLGround, database: Any, make_event: Callable[..., Event]
) -> None:
    store = on_postgresql.store(database)
    writing = Writing(store.writer())
    writing.append()
    on_postgresql.execute("ALTER TABLE audit_record ADD CONSTRAINT no_more CHECK (sequence <> 3) NOT VALID")
    with pytest.raises(RecordingFailed) as caught:
        writing.writer.append([canonical(make_event()) for _ in range(2)], writing.chain, durable=True)
    assert caught.value.__cause__ is None
    writing.append()
    assert [record.sequence for record in store.records()] == [1, 2]
    assert store.resume(writing.writer.chain) is None, "the chain is still held"
