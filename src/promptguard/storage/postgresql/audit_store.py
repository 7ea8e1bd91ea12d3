"""The audit record in a PostgreSQL database."""

from __future__ import annotations

import contextlib
from itertools import count
from typing import NamedTuple

from promptguard.audit.interface import StoreAway, Writer
from promptguard.storage.postgresql.audit_writer import PostgreSQLWriter
from promptguard.storage.postgresql.database import PostgreSQLDatabase
from promptguard.storage.postgresql.spooling_writer import SpoolingWriter
from promptguard.storage.record_reading import DatabaseStore
from promptguard.storage.spool.evidence import SpooledEvidence
from promptguard.storage.spool.keys import SpooledKeys
from promptguard.storage.spool.records import RecordSpool, SpoolFolder


class Spool(NamedTuple):
    """Where is kept what cannot be written now."""

    folder: SpoolFolder
    keys: SpooledKeys
    evidence: SpooledEvidence


class PostgreSQLStore(DatabaseStore):
    """Chains are named after the installation that writes them, and locked by the sessions that do."""

    def __init__(self, database: PostgreSQLDatabase, installation: str, spool: Spool | None = None) -> None:
        """Read, and write, the record of an installation.

        Args:
            installation: the id of the data folder.
            spool: where records, the keys of their seals and their evidence wait while the server is away; None refuses
                them then.
        """
        super().__init__(database)
        self._server = database
        self._spool = spool.folder if spool else None
        self._keys = spool.keys if spool else None
        self._evidence = spool.evidence if spool else None
        self.installation = installation

    def writer(self) -> Writer:
        try:
            writers = (self.resume(f"{self.installation}-{number}") for number in count(1))
            return next(writer for writer in writers if writer is not None)
        except StoreAway:
            # Where a chain ends is known of those alone of which something waits.
            for chain in self._spool.chains() if self._spool else ():
                if (writer := self.resume(chain)) is not None:
                    return writer
            raise

    def resume(self, chain: str) -> Writer | None:
        if self._spool is None or self._keys is None or self._evidence is None:
            return PostgreSQLWriter.take(self._server, chain)
        lock = self._spool.lock(chain)
        if lock is None:
            return None
        with contextlib.ExitStack() as undo:
            undo.callback(lock.release)
            spool = self._spool.of(chain)
            undo.callback(spool.file.close)
            writer = self._taken(spool)
            if writer is None:
                if spool.head is not None:
                    self._spool.set_aside(spool)
                return None
            undo.pop_all()
        return SpoolingWriter(writer, self._keys, self._evidence, self._spool, spool, lock)

    def _taken(self, spool: RecordSpool) -> PostgreSQLWriter | None:
        try:
            return PostgreSQLWriter.take(self._server, spool.chain)
        except StoreAway:
            if spool.head is None:
                raise
            return PostgreSQLWriter.later(self._server, spool.chain, spool.head)

    def chains(self) -> list[str]:
        return sorted({*super().chains(), *(self._spool.chains() if self._spool else ())})
