"""Goes on with a chain on this machine's disk while the server is away, and brings it into the database afterwards."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence

from promptguard.audit.interface import (
    ChainTaken,
    Checkpoint,
    Entry,
    Head,
    Linker,
    RecordingFailed,
    Spooled,
    StoreAway,
    Writer,
)
from promptguard.errors import StorageAway, StorageError
from promptguard.storage.file_lock import FileLock
from promptguard.storage.postgresql.audit_writer import PostgreSQLWriter
from promptguard.storage.spool.evidence import SpooledEvidence
from promptguard.storage.spool.keys import SpooledKeys
from promptguard.storage.spool.records import START, RecordSpool, SpoolFolder

log = logging.getLogger(__name__)

_WAITS = "Records wait on this machine until the database can be written again."


class SpoolingWriter(Writer):
    """Writes to the server; to the spool from the first record on that the server may not have, until it has all.

    Records are made once, for whichever of the two: what the server took before its answer was lost is known by its
    hash when it is delivered again.
    """

    def __init__(
        self,
        inner: PostgreSQLWriter,
        keys: SpooledKeys,
        evidence: SpooledEvidence,
        folder: SpoolFolder,
        spool: RecordSpool,
        lock: FileLock,
    ) -> None:
        """Take over what waits of a chain.

        Args:
            inner: writes the chain, once it can.
            keys: those that records are sealed under.
            evidence: that of records, which is to be in the database before they are.
            spool: of the chain, which is held by `lock`.
        """
        self.chain = inner.chain
        self._inner = inner
        self._keys = keys
        self._evidence = evidence
        self._folder = folder
        self._spool = spool
        self._lock = lock
        self._place = START
        self._strays = folder.count_strays()
        self._taken = False
        folder.keys.spooling = self._spooling

    @property
    def _spooling(self) -> bool:
        return self._spool.head is not None

    @property
    def waiting(self) -> int:
        return 0 if self._taken else self._spool.file.records

    @property
    def astray(self) -> int:
        return 0 if self._taken else self._strays

    @property
    def spooled(self) -> Spooled | None:
        file = self._spool.file
        return Spooled(file.records, file.since, file.fill) if file.records else None

    def append(self, entries: Sequence[Entry], linker: Linker, *, durable: bool) -> Head:
        if self._taken:
            raise ChainTaken(f"Chain {self.chain} of the record goes on elsewhere.")
        if not self._spooling:
            try:
                if self._evidence.waiting and self._deliver_evidence():
                    raise StoreAway(_WAITS)
                return self._inner.append(entries, linker, durable=durable)
            except (StoreAway, StorageAway) as error:
                head = self._first(entries, linker, durable=durable)
                log.warning("Decisions are kept on this machine until the database is back. %s", error)
                return head
        records, head = linker.extend(self._spool.head, entries)
        self._spool.append(records, head, durable=durable)
        return head

    def _first(self, entries: Sequence[Entry], linker: Linker, *, durable: bool) -> Head:
        """Begin to spool, with all that the server may come back without."""
        self._folder.keys.spooling = True
        inner, attempt = self._inner, self._inner.attempt
        records, head = list(inner.unsettled), inner.last
        if attempt is not None:
            records, head = records + attempt.records, attempt.head
        if attempt is None or attempt.entries is not entries:
            more, head = linker.extend(head, entries)
            records += more
        assert head is not None
        self._spool.append(records, head, durable=durable)
        inner.attempt = None
        return head

    def deliver(self) -> Head | None:
        if self._spooling:
            self._flush_spool()
            self._deliver_some()
        return self._spool.head or self._inner.last

    def _flush_spool(self) -> None:
        with contextlib.suppress(OSError):  # told by the next record that has to be flushed
            self._spool.file.sync()

    def _deliver_some(self) -> None:
        waiting = self._spool.slice(self._place)
        self._deliver_keys()
        if self._deliver_evidence():
            return
        if waiting is not None:
            try:
                self._inner.insert(waiting.records, waiting.head)
            except ChainTaken as error:
                self._taken = True
                self._folder.set_aside(self._spool)
                log.error("%s What waits is recorded in another chain.", error)
                raise
            self._place = waiting.place
        if waiting is None or waiting.head == self._spool.head:
            number = self._spool.file.records
            self._spool.clear()
            self._place = START
            self._folder.keys.spooling = False
            log.warning("The database is back, and has all %d records that were kept on this machine.", number)

    def _deliver_keys(self) -> None:
        """Nothing is to stand in the database that nobody can open."""
        try:
            self._keys.deliver()
        except StorageAway as error:
            raise StoreAway(str(error)) from None
        except StorageError as error:
            raise RecordingFailed(str(error)) from None

    def _deliver_evidence(self) -> bool:
        """What a decision leads to is to be there before it is. Whether there is more."""
        try:
            return self._evidence.deliver_some()
        except StorageAway as error:
            raise StoreAway(str(error)) from None

    def adopt(self, linker: Linker) -> None:
        if self._strays and (lock := self._folder.lock("strays")) is not None:
            try:
                for stray in self._folder.strays():
                    self._adopt_from(stray, linker)
            finally:
                lock.release()
        self._strays = 0  # or another process has them

    def _adopt_from(self, stray: RecordSpool, linker: Linker) -> None:
        self._deliver_keys()
        place = START
        while (waiting := stray.slice(place)) is not None:
            known = self._inner.known([record.event_id for record in waiting.records])
            new = (record for record in waiting.records if record.event_id not in known)
            fresh = [entry for entry in map(linker.entry, new) if entry is not None]
            if fresh:
                linker.trust(self.append(fresh, linker, durable=True))
            if self._spooling:
                raise StoreAway(_WAITS)
            place = waiting.place
        stray.clear()

    def settle(self) -> Head | None:
        self._refuse_while_spooling()
        return self._inner.settle()

    def note(self, text: str) -> None:
        self._refuse_while_spooling()
        self._inner.note(text)

    def keep(self, checkpoint: Checkpoint) -> None:
        self._refuse_while_spooling()
        self._inner.keep(checkpoint)

    def _refuse_while_spooling(self) -> None:
        if self._spooling:
            raise StoreAway(_WAITS)

    def close(self) -> None:
        self._spool.file.close()
        self._inner.close()
        self._lock.release()
