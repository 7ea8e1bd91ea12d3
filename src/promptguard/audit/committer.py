"""Brings entries into the store, has them flushed, and lets head file and database know of each other."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from promptguard.audit.chain import Chain
from promptguard.audit.checkpoint import CHECKPOINT_SECONDS, Checkpoints
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.head_keeper import HeadKeeper
from promptguard.audit.interface import ChainTaken, Entry, Head, Spooled, Store, StoreAway, Writer
from promptguard.errors import PromptGuardError

log = logging.getLogger(__name__)

SETTLE_SECONDS: Final = 0.1
"""How long a record that nobody waited to be flushed may stay unflushed, and the head file behind the database."""

ANCHOR_SECONDS: Final = 1.0
"""How long after that the database knows how far the head file had come."""

RETRY_SECONDS: Final = 1.0


class Committer:
    """Writes one chain of a store. For one thread at a time."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        chain: Chain,
        head_files: HeadFiles | None,
        check: Callable[[], object],
        checkpoints: Checkpoints | None = None,
    ) -> None:
        """Take a chain.

        Args:
            writer: of `chain` in `store`.
            head_files: where the heads of the chains are kept a second time; None keeps them nowhere else.
            check: called before each commit; what it raises as `PromptGuardError` refuses all.
            checkpoints: where the ends of all chains are signed from time to time; None signs nothing.
        """
        self._store = store
        self._writer = writer
        self._chain = chain
        self._head_files = head_files
        self._keeper = HeadKeeper(store, writer, head_files.of(chain.name)) if head_files else None
        self._check = check
        # What a process before us left unflushed, or did not tell the head file, is made up for at once.
        left = writer.waiting or store.head(chain.name) is not None
        self._settle_at: float | None = monotonic() if left else None
        self._anchor_at: float | None = None
        self._checkpoints = checkpoints
        self._checkpoint_at: float | None = None
        self._deliver_at = monotonic()
        self._flushed: Head | None = None
        self._failing = False

    @property
    def chain(self) -> str:
        """The id of the chain that it writes."""
        return self._chain.name

    @property
    def waiting(self) -> int:
        """What is kept on this machine until the store can be written again: 0 if nothing is."""
        return self._writer.waiting + self._writer.astray

    @property
    def spooled(self) -> Spooled | None:
        """The same, for people. From any thread."""
        return self._writer.spooled

    @property
    def problem(self) -> str:
        """Why nothing is committed until the next start; empty if it is. From any thread."""
        return self._keeper.problem if self._keeper else ""

    @property
    def due(self) -> float | None:
        """When `maintain` has something to do, in seconds of `monotonic`; None if nothing is left to do."""
        if self.waiting:
            return self._deliver_at  # all else has to wait for that
        times = [time for time in (self._settle_at, self._anchor_at, self._checkpoint_at) if time is not None]
        return min(times) if times else None

    def prepare(self) -> None:
        """Give a new chain its head file, and make up for what processes did not tell theirs before they ended."""
        if self._keeper is None or self._head_files is None:
            return
        try:
            if not self._writer.waiting:
                self._keeper.prepare()
            self._catch_up_others(self._head_files)
        except Exception as error:
            self._report(error)

    def _catch_up_others(self, head_files: HeadFiles) -> None:
        """Finish for processes that ended before they could: what waits of their records, and their head files."""
        for chain in self._store.chains():
            ours = chain != self._chain.name and head_files.is_ours(chain)
            if ours and (writer := self._store.resume(chain)):
                with contextlib.closing(writer):
                    head_file = head_files.of(chain)
                    while writer.waiting:
                        writer.deliver()
                    HeadKeeper(self._store, writer, head_file).catch_up()

    def commit(self, entries: Sequence[Entry], *, durable: bool) -> None:
        """Commit entries, all or none.

        Raises:
            PromptGuardError: none was committed; other errors likewise.
        """
        self._check_in_place()
        self._committed(self._writer.append(entries, self._chain, durable=durable), durable=durable)

    def commit_at_once(self, entry: Entry) -> bool:
        """Commit an entry, not durably; False, and it is not, where that would have to wait for anything.

        Raises:
            PromptGuardError: see `commit`.
        """
        self._check_in_place()
        head = self._writer.append_at_once([entry], self._chain)
        if head is None:
            return False
        self._committed(head, durable=False)
        return True

    def maintain(self, *, last: bool = False) -> None:
        """Flush what is not flushed, and let head file and database know, as far as it is time; all of it at `last`.

        Raises:
            ChainTaken: another chain has to be taken.
        """
        if self.waiting:
            self._deliver(last=last)
            if self._writer.waiting:
                return
        now = monotonic()
        if self._settle_at is not None and (last or now >= self._settle_at):
            self._settle()
        if self._anchor_at is not None and (last or now >= self._anchor_at):
            self._anchor()
        if self._checkpoint_at is not None and (last or now >= self._checkpoint_at):
            self._checkpoint()

    def close(self) -> None:
        """Leave the chain."""
        self._writer.close()

    def _check_in_place(self) -> None:
        self._check()
        if self._keeper is not None and (self._keeper.prepared or not self._writer.waiting):
            self._keeper.check_in_place()

    def _committed(self, head: Head, *, durable: bool) -> None:
        self._chain.trust(head)
        # A durable commit flushes those before it too.
        self._flushed = head if durable and not self._writer.waiting else None
        if self._settle_at is None:
            self._settle_at = monotonic() + SETTLE_SECONDS
        if self._checkpoint_at is None and self._checkpoints is not None:
            self._checkpoint_at = monotonic() + CHECKPOINT_SECONDS

    def _deliver(self, *, last: bool) -> None:
        """Bring into the store what waits: a part of it, so that what is recorded meanwhile need not wait long."""
        if not last and monotonic() < self._deliver_at:
            return
        try:
            while True:
                self._deliver_some()
                self._deliver_at = self._settle_at = monotonic()
                if not last or not self.waiting:
                    break
            self._failing = False
            if not self.waiting and self._head_files is not None:
                self._catch_up_others(self._head_files)
        except ChainTaken:
            raise
        except Exception as error:
            self._deliver_at = monotonic() + RETRY_SECONDS
            if not isinstance(error, StoreAway):
                self._report(error)

    def _deliver_some(self) -> None:
        if self._writer.waiting:
            if (head := self._writer.deliver()) is not None:
                self._chain.trust(head)
        else:
            self._check_in_place()
            self._writer.adopt(self._chain)

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

    def _anchor(self) -> None:
        """Let the database know how far the head file has come."""
        self._anchor_at = None
        try:
            if self._keeper is not None:
                self._keeper.anchor()
        except Exception as error:
            self._report(error)

    def _checkpoint(self) -> None:
        """Sign the ends of all chains."""
        self._checkpoint_at = None
        try:
            if self._checkpoints is not None:
                self._checkpoints.make()
        except Exception as error:
            self._report(error)

    def _report(self, error: Exception) -> None:
        if not self._failing:
            detail = error if isinstance(error, PromptGuardError) else type(error).__name__
            log.error("The audit record could not be flushed: %s", detail)
        self._failing = True
