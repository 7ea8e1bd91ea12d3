"""Records decisions before their requests go on: one writer thread, which commits everything that waits at once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from promptguard.audit.chain import Chain, is_chain_id, of_chain
from promptguard.audit.durability import Durability
from promptguard.audit.head_file import HeadFile, HeadFiles
from promptguard.audit.head_keeper import HeadKeeper, reaches
from promptguard.audit.interface import Entry, Head, RecordingFailed, Store
from promptguard.audit.record import canonical
from promptguard.errors import PromptGuardError
from promptguard.model import Action, Event, Inspection

log = logging.getLogger(__name__)

BATCH = 100
"""Events in one transaction, at most."""

SETTLE_SECONDS = 0.1
"""How long a record that nobody waited to be flushed may stay unflushed, and the head file behind the database."""

ANCHOR_SECONDS = 1.0
"""How long after that the database knows how far the head file had come."""

RETRY_SECONDS = 1.0

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
        queue_limit: int = 10_000,
    ) -> None:
        """Check where the record ends, take a chain, and start the writer thread. Call `close` in the end.

        Args:
            audit_key: `Keys.audit`.
            head_files: the folder where the heads of the chains are kept a second time: the one of the keys.
            check: called before each commit, in the writer thread; what it raises as `PromptGuardError` refuses all.
            queue_limit: how many events may wait; more are refused.

        Raises:
            RecordingFailed: the record was written with another key, or lacks records that the head file knows of.
            StorageError: the database cannot be read.
            OSError: the head file cannot be read.
        """
        self._store = store
        self._audit_key = audit_key
        self._durability = Durability(durability)
        self._head_files = HeadFiles(head_files, audit_key) if head_files else None
        self._check_ends()
        self._writer = store.writer()
        self._chain = Chain(audit_key, self._writer.chain)
        self._keeper: HeadKeeper | None = None
        if self._head_files is not None:
            self._keeper = HeadKeeper(store, self._writer, self._head_files.of(self._writer.chain))
        self._check = check
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._queue_limit = queue_limit
        self._lock = threading.Lock()
        self._closed = False
        # What a process before us left unflushed, or did not tell the head file, is made up for at once.
        self._settle_at: float | None = None if store.head(self._writer.chain) is None else monotonic()
        self._anchor_at: float | None = None
        self._flushed: Head | None = None
        self._failing = False
        self._thread = threading.Thread(target=self._write, name="promptguard-audit", daemon=True)
        self._thread.start()

    @property
    def problem(self) -> str:
        """Why nothing is recorded until the next start; empty if it is."""
        return self._keeper.problem if self._keeper else ""

    async def record(self, event: Event) -> None:
        """Return when the event is committed.

        Raises:
            RecordingFailed: it was not, because of an error in the store, too many that wait, or a closed recorder.
        """
        loop = asyncio.get_running_loop()
        durable = self._durability is Durability.ALWAYS or (
            self._durability is Durability.FINDINGS and not is_plain(event)
        )
        waiting = _Waiting(canonical(event), durable, loop, loop.create_future())
        with self._lock:
            if self._closed:
                raise RecordingFailed("The audit record is closed.")
            if self._queue.qsize() >= self._queue_limit:
                raise RecordingFailed("Too many decisions wait to be recorded.")
            self._queue.put(waiting)
        await waiting.future

    def close(self) -> None:
        """Record what still waits, flush, bring the head file up to date, and leave the chain. Can be called twice."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

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

    def _known_head(self, head_file: HeadFile) -> Head | None:
        try:
            return head_file.read()
        except ValueError:
            return None

    # What follows runs in the writer thread.

    def _write(self) -> None:
        try:
            self._prepare_head_files()
            while (batch := self._next_batch()) is not None:
                if batch:
                    self._commit(batch)
                if self._settle_at is not None and monotonic() >= self._settle_at:
                    self._settle()
                if self._anchor_at is not None and monotonic() >= self._anchor_at:
                    self._anchor()
            if self._settle_at is not None:
                self._settle()
            if self._anchor_at is not None:
                self._anchor()
        finally:
            self._refuse_rest()
            self._writer.close()

    def _prepare_head_files(self) -> None:
        """Give a new chain its head file, and make up for what processes did not tell theirs before they ended."""
        if self._keeper is None or self._head_files is None:
            return
        try:
            self._keeper.prepare()
            for chain in self._store.chains():
                if chain != self._chain.name and (writer := self._store.resume(chain)):
                    with contextlib.closing(writer):
                        HeadKeeper(self._store, writer, self._head_files.of(chain)).catch_up()
        except Exception as error:
            self._report(error)

    def _next_batch(self) -> list[_Waiting] | None:
        """Everything that waits, up to a limit; empty when it is time to settle, None when all is done."""
        times = [time for time in (self._settle_at, self._anchor_at) if time is not None]
        timeout = max(0.0, min(times) - monotonic()) if times else None
        try:
            first = self._queue.get(timeout=timeout)
        except queue.Empty:
            return []
        if first is None:
            return None
        batch = [first]
        with contextlib.suppress(queue.Empty):
            while len(batch) < BATCH:
                following = self._queue.get_nowait()
                if following is None:
                    self._queue.put(None)  # for the next call: nothing else is put after it
                    break
                batch.append(following)
        return batch

    def _commit(self, batch: list[_Waiting]) -> None:
        problem: str | None = "The audit record failed."
        durable = any(waiting.durable for waiting in batch)
        try:
            self._check()
            if self._keeper is not None:
                self._keeper.check_in_place()
            head = self._writer.append([waiting.entry for waiting in batch], self._chain, durable=durable)
            self._chain.trust(head)
            self._flushed = head if durable else None  # a durable commit flushes those before it too
            if self._settle_at is None:
                self._settle_at = monotonic() + SETTLE_SECONDS
            problem = None
        except PromptGuardError as error:
            problem = str(error)
        except Exception as error:
            problem = f"The audit record failed ({type(error).__name__})."
        finally:  # whatever happens, somebody waits for an answer
            _answer(batch, problem)

    def _settle(self) -> None:
        """Flush what was committed without flushing, then let the head file know."""
        try:
            head = self._flushed or self._writer.settle()
            if head is not None and self._keeper is not None:
                self._check()
                self._keeper.advance(head)
                self._anchor_at = self._anchor_at or monotonic() + ANCHOR_SECONDS
        except Exception as error:
            self._report(error)
            self._settle_at = monotonic() + RETRY_SECONDS
        else:
            self._failing = False
            self._settle_at = None
            self._flushed = head

    def _report(self, error: Exception) -> None:
        if not self._failing:
            detail = error if isinstance(error, PromptGuardError) else type(error).__name__
            log.error("The audit record could not be flushed: %s", detail)
        self._failing = True

    def _anchor(self) -> None:
        """Let the database know how far the head file has come."""
        self._anchor_at = None
        try:
            if self._keeper is not None:
                self._keeper.anchor()
        except Exception as error:
            self._report(error)

    def _refuse_rest(self) -> None:
        """Nobody may be left waiting, however this thread ends."""
        with self._lock:
            self._closed = True
        rest = []
        with contextlib.suppress(queue.Empty):
            while True:
                if (waiting := self._queue.get_nowait()) is not None:
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
