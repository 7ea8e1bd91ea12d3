"""Records decisions before their requests go on.

A record that nobody needs flushed is committed where it is made, if nothing stands in its way; all others by one writer
thread, which commits everything that waits at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from time import monotonic

from promptguard.audit.chain import Chain, is_chain_id, of_chain
from promptguard.audit.checkpoint import CheckpointFile, Checkpoints, Notary
from promptguard.audit.committer import Committer
from promptguard.audit.durability import Durability
from promptguard.audit.head_file import HeadFile, HeadFiles
from promptguard.audit.head_keeper import reaches
from promptguard.audit.interface import ChainTaken, Entry, Head, RecordingFailed, Spooled, Store, Writer
from promptguard.audit.record import canonical
from promptguard.audit.retention.classes import PLAIN
from promptguard.audit.sealing.key_ring import KeyRing
from promptguard.errors import PromptGuardError, StorageAway
from promptguard.model import Action, Event, Inspection

log = logging.getLogger(__name__)

BATCH = 100
"""Events in one transaction, at most."""

_CHANGED = (
    "The audit record was written with another master key, or its end has been changed.\n"
    "  Restore the master key that belongs to it, or move the database aside to start anew."
)


def is_plain(event: Event) -> bool:
    """Whether an event is of an inspected request that was simply allowed, with nothing found."""
    return (
        event.action == Action.ALLOW
        and event.would is None
        and not event.findings
        and event.inspection == Inspection.INSPECTED
    )


class _Signal(Enum):
    """What the writer thread is told besides events."""

    WAKE = auto()
    """Something was committed elsewhere: there is something to flush."""
    CLOSE = auto()
    """Nothing follows."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """An event on its way to the store, and who waits for it."""

    entry: Entry
    durable: bool
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[None]


class Recorder:
    """Records events, in batches: while one batch is being committed, the next one gathers.

    A power cut can take at most the last 0.1 s of records that were not committed durably (see `Durability`).
    Several recorders, in several processes too, may record into one store: each writes a chain of its own.
    """

    def __init__(
        self,
        store: Store,
        audit_key: bytes,
        durability: Durability | str = Durability.FINDINGS,
        *,
        head_files: Path | None = None,
        check: Callable[[], object] = lambda: None,
        key_ring: KeyRing | None = None,
        queue_limit: int = 10_000,
    ) -> None:
        """Check where the record ends, take a chain, and start the writer thread. Call `close` in the end.

        Args:
            audit_key: `Keys.audit`.
            head_files: the folder where the heads of the chains are kept a second time: the one of the keys.
            check: called before each commit; what it raises as `PromptGuardError` refuses all.
            key_ring: what events are sealed with; None stores them as they are.
            queue_limit: how many events may wait; more are refused.

        Raises:
            RecordingFailed: the record was written with another key, or lacks records that the head file knows of.
            StorageError: the database cannot be read.
            OSError: the head file cannot be read.
        """
        self._store = store
        self._audit_key = audit_key
        self._durability = Durability(durability)
        self._head_files = HeadFiles(head_files, audit_key, store.installation) if head_files else None
        self._key_ring = key_ring
        self._check = check
        self._cut = ""
        self._ends_checked = False
        with contextlib.suppress(StorageAway):  # made up for once it is there, if the chain can go on without it
            self._check_ends()
        self._committer = self._take_chain()
        self._turn = threading.Lock()
        """Held by the thread that is at the committer."""
        self._queue: queue.SimpleQueue[_Waiting | _Signal] = queue.SimpleQueue()
        self._queue_limit = queue_limit
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._write, name="promptguard-audit", daemon=True)
        self._thread.start()

    def _take_chain(self) -> Committer:
        writer = self._store.writer()
        chain = Chain(self._audit_key, writer.chain, self._key_ring)
        return Committer(self._store, writer, chain, self._head_files, self._check, self._checkpoints_of(writer))

    @property
    def waiting(self) -> int:
        """Records that are kept on this machine until the store can be written again."""
        return self._committer.waiting

    @property
    def spooled(self) -> Spooled | None:
        """The same, for people; None where nothing waits."""
        return self._committer.spooled

    @property
    def problem(self) -> str:
        """Why nothing is recorded until the next start; empty if it is."""
        return self._cut or self._committer.problem

    async def record(self, event: Event) -> None:
        """Return when the event is committed.

        Raises:
            RecordingFailed: it was not, because of an error in the store, too many that wait, or a closed recorder.
        """
        durable = self._durability is Durability.ALWAYS or (
            self._durability is Durability.FINDINGS and not is_plain(event)
        )
        entry = canonical(event)
        ready = self._key_ring is None or (is_plain(event) and self._key_ring.is_ready(PLAIN))
        if not durable and ready and self._record_at_once(entry):
            return
        await self._record_by_thread(entry, durable=durable)

    async def state(self, entry: Entry) -> None:
        """Return when a statement (`statements`) is committed, and flushed.

        Raises:
            RecordingFailed: see `record`.
        """
        await self._record_by_thread(entry, durable=True)

    async def _record_by_thread(self, entry: Entry, *, durable: bool) -> None:
        loop = asyncio.get_running_loop()
        waiting = _Waiting(entry, durable, loop, loop.create_future())
        with self._lock:
            if self._closed:
                raise RecordingFailed("The audit record is closed.")
            if self._queue.qsize() >= self._queue_limit:
                raise RecordingFailed("Too many decisions wait to be recorded.")
            self._queue.put(waiting)
        await waiting.future

    def _record_at_once(self, entry: Entry) -> bool:
        """Commit an event here and now: to hand it to the thread and back takes longer than that.

        Returns:
            False, and nothing was committed, where anything has to be waited for, or something is wrong: the thread
            will say what.
        """
        if self._queue.qsize() or not self._turn.acquire(blocking=False):
            return False
        try:
            if self._closed:
                return False
            due = self._committer.due
            committed = self._committer.commit_at_once(entry)
            sooner = self._committer.due != due
        except Exception:
            return False
        finally:
            self._turn.release()
        if sooner:
            self._queue.put(_Signal.WAKE)
        return committed

    def close(self) -> None:
        """Record what still waits, flush, bring the head file up to date, and leave the chain. Can be called twice."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(_Signal.CLOSE)
        self._thread.join()

    def _checkpoints_of(self, writer: Writer) -> Checkpoints | None:
        """What signs the ends of all chains, where several installations share the store."""
        if not self._store.installation or self._head_files is None:
            return None
        file = CheckpointFile(self._head_files.checkpoint_path(writer.chain))
        return Checkpoints(self._store, writer, Notary(self._audit_key), file)

    def _check_ends(self) -> None:
        """Refuse to record where a chain was cut: whoever goes on with it would hide the cut."""
        for chain in dict.fromkeys((*self._store.chains(), *(self._head_files.chains() if self._head_files else ()))):
            if not is_chain_id(chain):
                raise RecordingFailed(_CHANGED)
            known = self._known_head(self._head_files.of(chain)) if self._head_files else None
            head = self._store.head(chain)  # after the file, which is never ahead of it
            if head is not None and not Chain(self._audit_key, chain).is_genuine(head):
                raise RecordingFailed(_CHANGED)
            if known is not None and self._head_files is not None and not reaches(self._store, chain, known):
                raise RecordingFailed(
                    f"The audit record is known to have gone up to record {known.sequence}{of_chain(chain)}, which the"
                    f" database lacks.\n  Restore the newer database; or keep {self._head_files.of(chain).path} aside"
                    " as evidence and start again, which goes on from the database as it is, and notes that for good."
                )
        self._ends_checked = True

    def _known_head(self, head_file: HeadFile) -> Head | None:
        try:
            return head_file.read()
        except ValueError:
            return None

    # What follows runs in the writer thread.

    def _write(self) -> None:
        try:
            with self._turn:
                self._committer.prepare()
            while (batch := self._next_batch()) is not None:
                with self._turn:
                    if batch:
                        self._commit(batch)
                    self._maintain()
            with self._turn:
                self._maintain(last=True)
        finally:
            self._refuse_rest()
            with self._turn:
                self._committer.close()

    def _maintain(self, *, last: bool = False) -> None:
        with contextlib.suppress(PromptGuardError):  # told by the next record
            try:
                self._committer.maintain(last=last)
            except ChainTaken:
                self._change_chain()
                self._committer.maintain(last=last)
            if not (self._ends_checked or self._committer.waiting):
                self._check_ends_late()

    def _check_ends_late(self) -> None:
        """Where the store was away at the start: what was cut off meanwhile stops all."""
        try:
            self._check_ends()
        except RecordingFailed as error:
            self._cut = str(error)
            self._ends_checked = True
            log.error("%s", error)

    def _change_chain(self) -> None:
        """Go on in another chain: ours is another process's now.

        Raises:
            PromptGuardError: there is none to be had now.
        """
        log.error("Chain %s of the record is another process's now: another one is taken.", self._committer.chain)
        self._committer.close()
        self._committer = self._take_chain()
        self._committer.prepare()

    def _next_batch(self) -> list[_Waiting] | None:
        """Everything that waits, up to a limit; empty when something else is to be done, None when all is done."""
        due = self._committer.due
        try:
            first = self._queue.get(timeout=None if due is None else max(0.0, due - monotonic()))
        except queue.Empty:
            return []
        if first is _Signal.CLOSE:
            return None
        batch = [] if first is _Signal.WAKE else [first]
        with contextlib.suppress(queue.Empty):
            while len(batch) < BATCH:
                following = self._queue.get_nowait()
                if following is _Signal.CLOSE:
                    self._queue.put(following)  # for the next call: nothing else is put after it
                    break
                if following is not _Signal.WAKE:
                    batch.append(following)
        return batch

    def _commit(self, batch: list[_Waiting]) -> None:
        problem: str | None = "The audit record failed."
        try:
            self._commit_all([waiting.entry for waiting in batch], durable=any(waiting.durable for waiting in batch))
            problem = None
        except PromptGuardError as error:
            problem = str(error)
        except Exception as error:
            problem = f"The audit record failed ({type(error).__name__})."
        finally:  # whatever happens, somebody waits for an answer
            _answer(batch, problem)

    def _commit_all(self, entries: list[Entry], *, durable: bool) -> None:
        if self._cut:
            raise RecordingFailed(self._cut)
        try:
            self._committer.commit(entries, durable=durable)
        except ChainTaken:
            self._change_chain()
            self._committer.commit(entries, durable=durable)

    def _refuse_rest(self) -> None:
        """Nobody may be left waiting, however this thread ends."""
        with self._lock:
            self._closed = True
        rest: list[_Waiting] = []
        with contextlib.suppress(queue.Empty):
            while True:
                if isinstance(waiting := self._queue.get_nowait(), _Waiting):
                    rest.append(waiting)
        _answer(rest, "The audit record is closed.")


def _answer(batch: list[_Waiting], problem: str | None) -> None:
    """Tell those who wait, with one call for each of their event loops."""
    futures: defaultdict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = defaultdict(list)
    for waiting in batch:
        futures[waiting.loop].append(waiting.future)
    for loop, waiters in futures.items():
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_resolve, waiters, problem)


def _resolve(waiters: list[asyncio.Future[None]], problem: str | None) -> None:
    for future in waiters:
        if future.done():  # the waiting task was cancelled
            continue
        if problem is None:
            future.set_result(None)
        else:
            future.set_exception(RecordingFailed(problem))
