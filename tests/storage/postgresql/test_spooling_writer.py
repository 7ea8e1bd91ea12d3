"""The server is away: decisions and replaced values wait on this machine, and are in the database afterwards, once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.storage.grounds import INSTALLATION, PostgreSQLGround

from promptguard.audit.chain import Chain
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import RecordingFailed
from promptguard.audit.record import canonical
from promptguard.audit.recorder import Recorder
from promptguard.audit.verify import verify
from promptguard.errors import PromptGuardError, StorageAway
from promptguard.keys import Keys
from promptguard.model import Action, DataClass, Event, Mark, Original
from promptguard.runtime.record import key_ring
from promptguard.storage.postgresql import reachability
from promptguard.storage.postgresql.audit_writer import PostgreSQLWriter
from promptguard.storage.postgresql.backend import PostgreSQLBackend
from promptguard.storage.spool.file import SpoolFile
from promptguard.storage.spool.records import SpoolFolder
from promptguard.storage.vault.vault import DatabaseVault

SCOPE = "p_alice|openai"
FAR_OFF = 2**40
"""When the evidence of these tests expires."""


class Machine:
    """A data folder, and what a proxy has open of it."""

    def __init__(self, ground: PostgreSQLGround, folder: Path, make_event: Callable[..., Event]) -> None:
        self.ground, self.folder, self.make_event = ground, folder, make_event
        self.keys = Keys.load_or_create(folder / "keys")
        self.recorded: list[str] = []
        self.kept: list[str] = []
        self.max_bytes = 2**20
        self.opened: list[Any] = []

    def start(self, folder: Path | None = None) -> None:
        spool = SpoolFolder(folder or self.folder / "spool", self.keys.spool, max_bytes=self.max_bytes, max_age=3600.0)
        self.backend = PostgreSQLBackend.open(self.ground.url, INSTALLATION, spool)
        self.vault: DatabaseVault = self.backend.vault(self.keys.vault)
        ring = key_ring(self.backend, self.keys)
        self.recorder = Recorder(
            self.backend.audit_store(), self.keys.audit, head_files=self.keys.folder, key_ring=ring
        )
        self.opened += [self.recorder, self.vault, self.backend]

    def stop(self) -> None:
        for each in self.opened:
            each.close()
        self.opened.clear()

    async def record(self, count: int = 1) -> None:
        """Each other one with evidence, which is kept before the decision."""
        for number in range(count):
            event = self.make_event(action=Action.BLOCK if number % 2 else Action.ALLOW)
            if number % 2:
                self.backend.evidence().add(event.id, f"sealed {event.id}".encode(), FAR_OFF)
                self.kept.append(event.id)
            await self.recorder.record(event)
            self.recorded.append(event.id)

    async def delivered(self) -> None:
        async with asyncio.timeout(60):
            while self.recorder.waiting:
                await asyncio.sleep(0.01)

    def check(self, *, more: int = 0) -> None:
        """Everything that was recorded is there once, in order, in chains that verify; and at most so many more."""
        backend = PostgreSQLBackend.open(self.ground.url, INSTALLATION)
        store, ring = backend.audit_store(), key_ring(backend, self.keys)
        report = verify(store, self.keys.audit, HeadFiles(self.keys.folder, self.keys.audit, INSTALLATION), ring)
        assert report.ok, report.sentence
        found = [record.event_id for record in store.records() if ring.opened(record.event)]
        evidence = {id: backend.evidence().find(id) for id in self.kept if id in found}
        assert evidence == {id: f"sealed {id}".encode() for id in evidence}
        assert not self.kept or evidence
        backend.close()
        assert not Counter(found) - Counter(set(found)), "none is there twice"
        assert [each for each in found if each in set(self.recorded)] == self.recorded
        assert len(found) <= len(self.recorded) + more


@pytest.fixture
def machine(
    on_postgresql: PostgreSQLGround, tmp_path: Path, make_event: Callable[..., Event], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Machine]:
    monkeypatch.setattr(reachability, "PROBE_SECONDS", 0.02)
    machine = Machine(on_postgresql, tmp_path, make_event)
    machine.start()
    yield machine
    with contextlib.suppress(Exception):
        on_postgresql.server.start()
    machine.stop()


def value(text: str) -> Original:
    return Original(text, DataClass.PERSONAL_DATA)


@pytest.mark.parametrize("how", ["fast", "immediate"])
async def test_goes_on_without_the_server_and_delivers_afterwards(machine: Machine, how: str) -> None:
    server = machine.ground.server
    await machine.record(5)
    for _ in range(2):
        server.stop(how)
        await machine.record(20)
        spooled = machine.recorder.spooled
        assert spooled is not None
        assert spooled.records >= 20
        machine.backend.check_in_place()
        server.start()
        await machine.delivered()
        await machine.record(5)
    machine.stop()
    machine.check()
    assert not [each for each in (machine.folder / "spool").iterdir() if each.suffix != ".lock"]


async def test_restarts_while_the_server_is_away(machine: Machine) -> None:
    await machine.record(3)
    machine.ground.server.stop("immediate")
    await machine.record(3)
    for _ in range(2):
        machine.stop()
        machine.start()
        await machine.record(3)
    machine.ground.server.start()
    await machine.delivered()
    machine.stop()
    machine.check()


async def test_without_a_spool_the_start_fails_as_ever(machine: Machine) -> None:
    machine.stop()
    machine.ground.server.stop()
    with pytest.raises(StorageAway):
        machine.start()


async def test_the_server_answers_no_more_after_it_took_a_record(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a commit was taken whose answer is lost cannot be known: it is there once all the same."""
    await machine.record(2)
    write = PostgreSQLWriter._write

    def lose_answer(writer: PostgreSQLWriter, *args: Any, **options: Any) -> None:
        write(writer, *args, **options)
        machine.ground.server.stop("fast")
        writer._session.connection().execute("SELECT 1")

    monkeypatch.setattr(PostgreSQLWriter, "_write", lose_answer)
    await machine.record()
    monkeypatch.undo()
    await machine.record(2)
    machine.ground.server.start()
    await machine.delivered()
    machine.stop()
    machine.check()


class Killed(BaseException):
    pass


@pytest.mark.parametrize("step", ["before insert", "after insert", "before clear", "after clear"])
async def test_killed_between_two_steps_of_a_delivery(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    when, what = step.split()
    owner, name = {"insert": (PostgreSQLWriter, "insert"), "clear": (SpoolFile, "clear")}[what]
    genuine = getattr(owner, name)
    killed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def kill(self: Any, *args: Any) -> None:
        if when == "after":
            genuine(self, *args)
        loop.call_soon_threadsafe(killed.set)
        raise Killed

    await machine.record(3)
    machine.ground.server.stop("immediate")
    await machine.record(4)
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, kill)
        patched.setattr("threading.excepthook", lambda _: None)
        machine.ground.server.start()
        await killed.wait()
        for each in machine.opened:
            with contextlib.suppress(BaseException):
                each.close()
        machine.opened.clear()
    machine.start()
    await machine.delivered()
    await machine.record(2)
    machine.stop()
    machine.check()


@pytest.mark.parametrize("holds", [True, False])
async def test_another_process_goes_on_with_the_chain(machine: Machine, holds: bool) -> None:
    """A copy of the data folder on another machine: what waits is recorded in another chain, and we go on there."""
    await machine.record(2)
    machine.ground.server.stop()
    await machine.record(3)
    machine.stop()
    machine.ground.server.start()
    database = machine.ground.open()
    writer = machine.ground.store(database).resume(f"{INSTALLATION}-1")
    assert writer is not None
    writer.append([canonical(machine.make_event())], Chain(machine.keys.audit, writer.chain), durable=True)
    if not holds:
        writer.close()
    machine.start()
    await machine.delivered()
    await machine.record(2)
    machine.stop()
    writer.close()
    database.close()
    machine.check(more=1)


async def test_full_is_closed(machine: Machine) -> None:
    machine.stop()
    machine.max_bytes = 3000
    machine.start()
    await machine.record()
    machine.ground.server.stop()
    with pytest.raises(RecordingFailed, match="full"):
        await machine.record(50)
    assert machine.recorded
    with pytest.raises(PromptGuardError, match="full"):
        await machine.vault.remember(SCOPE, {"[A_1]": value("a" * 3000)})
    machine.ground.server.start()
    await machine.delivered()
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(RecordingFailed):  # the server takes connections, and some still find it away
                await machine.record()
                break
    machine.stop()
    machine.check()


async def test_what_is_replaced_meanwhile_is_put_back_here_and_elsewhere_later(machine: Machine) -> None:
    vault, server = machine.vault, machine.ground.server
    await machine.record()
    await vault.remember(SCOPE, {"[A_1]": value("Anna")})
    server.stop("immediate")
    await machine.record()
    await vault.remember(SCOPE, {"[B_1]": value("B\ud800b")})
    await vault.remember("other", {"[C_1]": value("Carl")})
    await vault.remember_marks(SCOPE, Mark.BLOCKED, ["f" * 32])
    assert dict(await vault.issued(SCOPE)) == {"[A_1]": value("Anna"), "[B_1]": value("B\ud800b")}
    assert await vault.blocked(SCOPE) == {"f" * 32}
    assert await vault.marked(SCOPE, Mark.BLOCKED, ["f" * 32, "g" * 32]) == {"f" * 32}
    waiting = (machine.folder / "spool" / "1.vault").read_bytes()
    assert not any(word in waiting for word in (b"Anna", b"Carl", b"[B_1]"))
    machine.stop()
    machine.start()
    assert dict(await machine.vault.issued("other")) == {"[C_1]": value("Carl")}
    server.start()
    async with asyncio.timeout(60):
        while (machine.folder / "spool" / "1.vault").exists():
            await asyncio.sleep(0.01)
    elsewhere = PostgreSQLBackend.open(machine.ground.url, "f" * 12)
    vault = elsewhere.vault(machine.keys.vault)
    machine.opened += [vault, elsewhere]
    assert dict(await vault.issued(SCOPE)) == {"[A_1]": value("Anna"), "[B_1]": value("B\ud800b")}
    assert dict(await vault.issued("other")) == {"[C_1]": value("Carl")}
    assert await vault.blocked(SCOPE) == {"f" * 32}
