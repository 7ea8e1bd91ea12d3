import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from promptguard.audit.chain import Chain
from promptguard.audit.interface import Entry, Head, Linker, Record, RecordingFailed, Store, Writer
from promptguard.audit.record import parsed
from promptguard.audit.recorder import Recorder, is_plain
from promptguard.errors import StorageError
from promptguard.keys import Keys
from promptguard.model import Action, Circumstances, Decision, Destination, Event, Identity, Inspection, Kind, Status
from promptguard.storage.sqlite.database import open_database

KEY = bytes(range(32))
UNREAD = Circumstances(
    Identity("alice", "p_alice"),
    Destination("acme", "Acme AI", ("api.acme.test",), Kind.API, Status.APPROVED),
    inspection=Inspection.NOT_INSPECTED,
)


class FakeStore(Store):
    """Keeps the records of one chain in a list, fails when told, and lets a test hold up the writer."""

    def __init__(self) -> None:
        self.kept: list[Record] = []
        self.end: Head | None = None
        self.batches: list[tuple[int, bool]] = []
        self.settled = 0
        self.error: BaseException | None = None
        self.go = threading.Event()
        self.go.set()
        self.reached = threading.Event()
        self.closed = False
        self.at_once = False
        self.threads: list[str] = []

    def writer(self) -> Writer:
        return FakeWriter(self)

    def resume(self, chain: str) -> Writer | None:
        return None

    def head(self, chain: str) -> Head | None:
        return self.end

    def note(self, chain: str) -> str | None:
        return None

    def chains(self) -> list[str]:
        return ["1"] if self.end else []

    def chain(self, chain: str, *, after: int | None = None) -> Iterator[Record]:
        return (record for record in self.kept if record.sequence > (after or 0))

    def records(
        self, *, after: int = 0, since: str | None = None, until: str | None = None, actions: Collection[str] = ()
    ) -> Iterator[Record]:
        return (record for record in self.kept if record.sequence > after)

    def last(self, count: int) -> list[Record]:
        return self.kept[-count:]

    def find(self, event_id: str) -> Record | None:
        return next((record for record in self.kept if record.event_id == event_id), None)


class FakeWriter(Writer):
    chain = "1"

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def append(self, entries: Sequence[Entry], linker: Linker, *, durable: bool) -> Head:
        store = self._store
        store.reached.set()
        assert store.go.wait(10)
        if store.error is not None:
            raise store.error
        records, store.end = linker.extend(store.end, entries)
        store.kept += records
        store.batches.append((len(entries), durable))
        store.threads.append(threading.current_thread().name)
        return store.end

    def append_at_once(self, entries: Sequence[Entry], linker: Linker) -> Head | None:
        return self.append(entries, linker, durable=False) if self._store.at_once else None

    def settle(self) -> Head | None:
        self._store.settled += 1
        return self._store.end

    def note(self, text: str) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self._store.closed = True


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.mark.parametrize(
    ("options", "plain"),
    [
        ({}, True),
        ({"found": 1}, False),
        ({"action": Action.BLOCK}, False),
        ({"action": Action.NOTIFY}, False),
        ({"circumstances": UNREAD}, False),
        ({"decision": Decision(Action.ALLOW, "rule", "reason", would=Action.BLOCK)}, False),
    ],
)
async def test_what_is_waited_for(
    store: FakeStore, make_event: Callable[..., Event], options: dict[str, Any], plain: bool
) -> None:
    event = make_event(**options)
    assert is_plain(event) is plain
    for durability, durable in (("always", True), ("findings", not plain), ("process", False)):
        fresh = FakeStore()
        recorder = Recorder(fresh, KEY, durability)
        await recorder.record(event)
        recorder.close()
        assert fresh.batches == [(1, durable)], durability


@pytest.mark.parametrize(
    ("durability", "found", "at_once", "thread"),
    [
        ("findings", 0, True, "MainThread"),
        ("findings", 0, False, "promptguard-audit"),
        ("findings", 1, True, "promptguard-audit"),
        ("process", 1, True, "MainThread"),
        ("always", 0, True, "promptguard-audit"),
    ],
)
async def test_committed_where_it_is_made_if_nothing_is_waited_for(
    store: FakeStore, make_event: Callable[..., Event], durability: str, found: int, at_once: bool, thread: str
) -> None:
    store.at_once = at_once
    recorder = Recorder(store, KEY, durability)
    await recorder.record(make_event(found=found))
    recorder.close()
    assert store.threads == [thread]


async def test_what_fails_at_once_is_told_by_the_thread(store: FakeStore, make_event: Callable[..., Event]) -> None:
    store.at_once = True
    store.error = RecordingFailed("the disk is full")
    recorder = Recorder(store, KEY)
    with pytest.raises(RecordingFailed, match="the disk is full"):
        await recorder.record(make_event())
    store.error = None
    await recorder.record(make_event())
    recorder.close()
    assert len(store.kept) == 1


async def test_nothing_is_committed_once_closed(store: FakeStore, make_event: Callable[..., Event]) -> None:
    store.at_once = True
    recorder = Recorder(store, KEY)
    recorder.close()
    with pytest.raises(RecordingFailed, match="closed"):
        await recorder.record(make_event())
    assert not store.kept


def test_unknown_durability(store: FakeStore) -> None:
    with pytest.raises(ValueError, match="sometimes"):
        Recorder(store, KEY, "sometimes")


async def test_recorded_when_it_returns(installation: Any, make_event: Callable[..., Event]) -> None:
    recorder = installation.recorder()
    for options in ({}, {"found": 1}, {"action": Action.BLOCK}):
        event = make_event(**options)
        await recorder.record(event)
        with closing(sqlite3.connect(installation.database_file)) as connection:
            (stored,) = connection.execute("SELECT event FROM audit_record WHERE event_id = ?", (event.id,)).fetchone()
        assert parsed(stored)["action"] == event.action
    recorder.close()
    assert installation.verify().ok


async def test_many_tasks_make_one_chain(installation: Any, make_event: Callable[..., Event]) -> None:
    recorder = installation.recorder()
    events = [make_event(found=index % 3) for index in range(1500)]
    await asyncio.gather(*map(recorder.record, events))
    recorder.close()
    report = installation.verify()
    assert (report.ok, report.records) == (True, 1500)
    assert {record.event_id for record in installation.store.records()} == {event.id for event in events}


async def test_what_gathers_is_committed_at_once(store: FakeStore, make_event: Callable[..., Event]) -> None:
    recorder = Recorder(store, KEY)
    store.go.clear()
    first = asyncio.create_task(recorder.record(make_event()))
    await asyncio.to_thread(store.reached.wait, 10)
    rest = [asyncio.create_task(recorder.record(make_event(found=index == 120))) for index in range(150)]
    await asyncio.sleep(0)
    store.go.set()
    await asyncio.gather(first, *rest)
    recorder.close()
    assert store.batches == [(1, False), (100, False), (50, True)]


async def test_loops_in_several_threads(installation: Any, make_event: Callable[..., Event]) -> None:
    recorder = installation.recorder()

    async def many() -> None:
        await asyncio.gather(*(recorder.record(make_event()) for _ in range(50)))

    await asyncio.gather(*(asyncio.to_thread(asyncio.run, many()) for _ in range(4)), many())
    recorder.close()
    assert installation.verify().records == 250


@pytest.mark.parametrize("error", [RecordingFailed("The disk is full."), OSError("with a value in it")])
async def test_errors_reach_everybody_and_pass(
    store: FakeStore, make_event: Callable[..., Event], error: Exception
) -> None:
    recorder = Recorder(store, KEY)
    store.error = error
    outcomes = await asyncio.gather(*(recorder.record(make_event()) for _ in range(20)), return_exceptions=True)
    assert all(isinstance(outcome, RecordingFailed) for outcome in outcomes)
    assert "value" not in str(outcomes[0])
    store.error = None
    await recorder.record(make_event())
    recorder.close()
    assert len(store.kept) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_end_of_the_writer_leaves_nobody_waiting(store: FakeStore, make_event: Callable[..., Event]) -> None:
    recorder = Recorder(store, KEY)
    store.go.clear()
    tasks = [asyncio.create_task(recorder.record(make_event())) for _ in range(150)]
    await asyncio.sleep(0)
    store.error = GeneratorExit()  # no Exception: the thread does not survive it
    store.go.set()
    outcomes = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 10)
    assert all(isinstance(outcome, RecordingFailed) for outcome in outcomes)
    recorder.close()
    with pytest.raises(RecordingFailed, match="closed"):
        await recorder.record(make_event())


async def test_locked_database_fails_closed_and_recovers(
    installation: Any, make_event: Callable[..., Event], tmp_path: Path
) -> None:
    database = open_database(installation.database_file, busy_timeout=0.02)
    recorder = installation.recorder(database=database)
    await recorder.record(make_event())
    with closing(sqlite3.connect(installation.database_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecordingFailed, match="locked"):
            await recorder.record(make_event())
    await recorder.record(make_event())
    await asyncio.to_thread(recorder.close)
    database.close()
    report = installation.verify()
    assert (report.ok, report.records) == (True, 2)


async def test_full_queue_refuses_at_once(store: FakeStore, make_event: Callable[..., Event]) -> None:
    recorder = Recorder(store, KEY, queue_limit=3)
    store.go.clear()
    waiting = [asyncio.create_task(recorder.record(make_event()))]
    await asyncio.to_thread(store.reached.wait, 10)
    waiting += [asyncio.create_task(recorder.record(make_event())) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(RecordingFailed, match="Too many"):
        await recorder.record(make_event())
    store.go.set()
    await asyncio.gather(*waiting)
    recorder.close()
    assert len(store.kept) == 4


async def test_cancelled_task_does_not_disturb_others(store: FakeStore, make_event: Callable[..., Event]) -> None:
    recorder = Recorder(store, KEY)
    store.go.clear()
    tasks = [asyncio.create_task(recorder.record(make_event())) for _ in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    store.go.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    recorder.close()
    assert [type(outcome) for outcome in outcomes] == [type(None), asyncio.CancelledError, type(None)]
    assert len(store.kept) == 3  # a request that was given up is recorded all the same


async def test_close_drains(store: FakeStore, make_event: Callable[..., Event]) -> None:
    recorder = Recorder(store, KEY)
    store.go.clear()
    tasks = [asyncio.create_task(recorder.record(make_event())) for _ in range(250)]
    await asyncio.sleep(0)
    closing_task = asyncio.create_task(asyncio.to_thread(recorder.close))
    store.go.set()
    await asyncio.gather(closing_task, *tasks)
    assert len(store.kept) == 250
    assert store.settled
    assert store.closed
    recorder.close()
    with pytest.raises(RecordingFailed, match="closed"):
        await recorder.record(make_event())


async def test_plain_records_are_flushed_soon(installation: Any, make_event: Callable[..., Event]) -> None:
    """The head file moves only after a flush, and nobody has to record or close for it."""
    recorder = installation.recorder()
    await recorder.record(make_event())

    async def flushed() -> Head:
        while (head := installation.head_file.read()) is None or not head.sequence:
            await asyncio.sleep(0.01)
        return head

    head = await asyncio.wait_for(flushed(), 10)
    assert head == installation.store.head("1")
    recorder.close()


async def test_durable_commit_needs_no_other_flush(store: FakeStore, make_event: Callable[..., Event]) -> None:
    recorder = Recorder(store, KEY)
    await recorder.record(make_event())
    await recorder.record(make_event(action=Action.BLOCK))
    recorder.close()
    assert store.settled == 0


async def test_head_file_after_close(installation: Any, make_event: Callable[..., Event]) -> None:
    recorder = installation.recorder()
    await recorder.record(make_event(found=1))
    await recorder.record(make_event())
    recorder.close()
    assert installation.head_file.read() == installation.store.head("1")
    assert installation.head_file.read().sequence == 2


@pytest.mark.parametrize(
    ("content", "found"), [(None, "was deleted"), (b"", "was damaged"), (b"{}", "was damaged"), (b"\0" * 99, "damaged")]
)
def test_lost_head_file_is_told_for_good(
    installation: Any,
    make_event: Callable[..., Event],
    caplog: pytest.LogCaptureFixture,
    content: bytes | None,
    found: str,
) -> None:
    """Whoever took it away may have cut off what only the file knew of: a new file does not heal that."""
    asyncio.run(record_in(installation, make_event(), make_event()))
    spoil(installation.head_file.path, content)
    for _ in range(2):
        asyncio.run(record_in(installation, make_event()))
        problem = installation.verify().first_problem
        assert problem is not None
        assert problem.kind == "head"
        assert found in problem.sentence
        assert "record 2:" in problem.sentence
    assert "noted for good" in caplog.text
    assert installation.head_file.read().sequence == 4
    assert installation.verify().records == 4


def test_head_file_put_back_is_told_for_good(installation: Any, make_event: Callable[..., Event]) -> None:
    asyncio.run(record_in(installation, make_event()))
    older = installation.head_file.path.read_bytes()
    asyncio.run(record_in(installation, make_event()))
    installation.head_file.path.write_bytes(older)
    assert "put back" in installation.verify().sentence
    asyncio.run(record_in(installation, make_event()))
    assert "put back" in installation.verify().sentence


@pytest.mark.parametrize("content", [None, b"", b"older"])
async def test_head_file_lost_while_running(
    installation: Any, make_event: Callable[..., Event], content: bytes | None
) -> None:
    """Nothing is recorded, and so nothing forwarded, until somebody has looked and started anew."""
    recorder = installation.recorder()
    await recorder.record(make_event())
    while installation.head_file.read().sequence < 1:
        await asyncio.sleep(0.01)
    older = installation.head_file.path.read_bytes()
    await recorder.record(make_event())
    while installation.head_file.read().sequence < 2:
        await asyncio.sleep(0.01)
    spoil(installation.head_file.path, older if content == b"older" else content)
    for _ in range(2):
        with pytest.raises(RecordingFailed, match="while it was in use"):
            await recorder.record(make_event())
    assert "while it was in use" in recorder.problem
    recorder.close()
    assert not installation.verify().ok
    await record_in(installation, make_event())
    assert installation.verify().records == 3
    assert not installation.verify().ok


async def test_folder_of_keys_lost_while_running(installation: Any, make_event: Callable[..., Event]) -> None:
    recorder = installation.recorder()
    await recorder.record(make_event())
    installation.keys.folder.rename(installation.folder / "moved")
    with pytest.raises(RecordingFailed):
        await recorder.record(make_event())
    recorder.close()


async def test_what_a_check_refuses_is_not_recorded(installation: Any, make_event: Callable[..., Event]) -> None:
    def check() -> None:
        raise StorageError("place", "It is gone.", "Put it back.")

    recorder = Recorder(installation.store, installation.keys.audit, head_files=installation.keys.folder, check=check)
    with pytest.raises(RecordingFailed, match="It is gone"):
        await recorder.record(make_event())
    recorder.close()
    assert installation.store.last(1) == []


def test_emptied_database_is_known_without_its_head_file(installation: Any, make_event: Callable[..., Event]) -> None:
    asyncio.run(record_in(installation, make_event(), make_event()))
    installation.head_file.path.unlink()
    with closing(sqlite3.connect(installation.database_file)) as connection:
        connection.execute("DELETE FROM audit_record")
        connection.execute("DELETE FROM audit_head")
        connection.commit()
    assert not installation.verify().ok
    with pytest.raises(RecordingFailed, match="are gone"):
        asyncio.run(record_in(installation, make_event()))


def spoil(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)


async def record_in(installation: Any, *events: Event) -> None:
    """What one process records in its life."""
    recorder = installation.recorder()
    try:
        for event in events:
            await recorder.record(event)
    finally:
        recorder.close()


def test_record_of_another_key_is_refused(installation: Any, make_event: Callable[..., Event]) -> None:
    installation.fill(make_event())
    with pytest.raises(RecordingFailed, match="another master key"):
        Recorder(installation.store, bytes(32))


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_cut_record_is_not_continued(installation: Any, make_event: Callable[..., Event], kept: int) -> None:
    """Neither one that was cut, nor an older copy put back: new records would hide it."""
    chain = Chain(installation.keys.audit)
    entries = [make_event() for _ in range(3)]
    if kept:
        installation.fill(*entries[:kept])
    with closing(sqlite3.connect(installation.database_file)) as connection:
        old = list(connection.execute("SELECT * FROM audit_head"))
    installation.fill(*entries[kept:])
    with closing(sqlite3.connect(installation.database_file)) as connection:
        connection.execute("DELETE FROM audit_record WHERE sequence > ?", (kept,))
        connection.execute("DELETE FROM audit_head")
        connection.executemany("INSERT INTO audit_head VALUES (?, ?, ?, ?)", old)
        connection.commit()
    assert all(chain.is_genuine(Head(*row[1:])) for row in old)
    with pytest.raises(RecordingFailed, match="known to have gone up to record 3"):
        installation.recorder()
    installation.head_file.path.rename(installation.folder / "evidence")
    installation.recorder().close()
    assert installation.verify().ok == (not kept)  # that it was taken away is told for good


async def test_cut_while_running_stays_visible(
    installation: Any, make_event: Callable[..., Event], caplog: pytest.LogCaptureFixture
) -> None:
    first = installation.recorder()
    installation.database_file.with_name("a.db-chain-1").unlink()  # the lock: now two take the same chain
    second = installation.recorder()
    await first.record(make_event())
    with closing(sqlite3.connect(installation.database_file)) as connection:
        old = connection.execute("SELECT sequence, hash, mac FROM audit_head").fetchone()
    await second.record(make_event(found=1))
    second.close()
    with closing(sqlite3.connect(installation.database_file)) as connection:
        connection.execute("DELETE FROM audit_record WHERE sequence = 2")
        connection.execute("UPDATE audit_head SET sequence = ?, hash = ?, mac = ?", old)
        connection.commit()
    for _ in range(2):
        await first.record(make_event())  # grows beyond what was cut
    first.close()
    report = installation.verify()
    assert report.first_problem is not None
    assert report.first_problem.sequence == 2
    assert "are gone from the database" in caplog.text


async def test_head_put_back_under_a_recorder(installation: Any, make_event: Callable[..., Event]) -> None:
    recorder = installation.recorder()
    await recorder.record(make_event())
    with closing(sqlite3.connect(installation.database_file)) as connection:
        old = connection.execute("SELECT sequence, hash, mac FROM audit_head").fetchone()
    await recorder.record(make_event())
    with closing(sqlite3.connect(installation.database_file)) as connection:
        connection.execute("DELETE FROM audit_record WHERE sequence = 2")
        connection.execute("UPDATE audit_head SET sequence = ?, hash = ?, mac = ?", old)
        connection.commit()
    with pytest.raises(RecordingFailed, match="earlier state"):
        await recorder.record(make_event())
    recorder.close()


async def test_two_recorders_on_one_file(installation: Any, make_event: Callable[..., Event]) -> None:
    other = open_database(installation.database_file)
    recorders = [installation.recorder(), installation.recorder("process", other)]
    await asyncio.gather(*(recorders[index % 2].record(make_event(found=index % 2)) for index in range(400)))
    for recorder in recorders:
        await asyncio.to_thread(recorder.close)
    other.close()
    report = installation.verify()
    assert (report.ok, report.records) == (True, 400)


WRITER = """
import asyncio, json, sys
from pathlib import Path
from promptguard.audit.events import new_event_id
from promptguard.audit.recorder import Recorder
from promptguard.keys import Keys
from promptguard.model import Event
from promptguard.storage.sqlite.backend import SQLiteBackend

folder = Path(sys.argv[1])
template = json.loads(sys.argv[2])

async def main():
    keys = Keys.load_or_create(folder / "keys")
    store = SQLiteBackend.open(folder / "a.db").audit_store()
    recorder = Recorder(store, keys.audit, head_files=keys.folder)

    async def forever():
        while True:
            event = Event(**{**template, "id": new_event_id()})
            await recorder.record(event)
            print(event.id, flush=True)

    await asyncio.gather(*(forever() for _ in range(4)))

asyncio.run(main())
"""


def start_writer(folder: Path, event: Event) -> "subprocess.Popen[str]":
    template = json.dumps({name: getattr(event, name) for name in Event.__slots__})
    return subprocess.Popen([sys.executable, "-c", WRITER, str(folder), template], stdout=subprocess.PIPE, text=True)


def read_ids(process: "subprocess.Popen[str]", count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(count)]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_processes_lose_nothing_that_was_recorded(installation: Any, make_event: Callable[..., Event]) -> None:
    """Two processes write into one record, one clean events, one with findings; both are killed at any moment."""
    acknowledged: list[str] = []
    writers = [start_writer(installation.folder, make_event(found=found)) for found in (0, 1)]
    for writer in writers:
        acknowledged += read_ids(writer, 150)
    for writer in writers:
        writer.kill()
        assert writer.stdout is not None
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.stdout.close()
        writer.wait()
    recorded = {record.event_id for record in installation.store.records()}
    assert len(acknowledged) >= 300
    assert set(acknowledged) <= recorded
    installation.recorder().close()  # starts on what was left
    report = installation.verify()
    assert report.ok, report.first_problem
    assert report.records == len(recorded)


def test_keys_are_those_of_the_installation(installation: Any) -> None:
    keys = Keys.load_or_create(installation.keys.folder)
    recorder = Recorder(installation.store, keys.audit, head_files=keys.folder)
    recorder.close()
    assert installation.verify().sentence == "Nothing is recorded yet."
