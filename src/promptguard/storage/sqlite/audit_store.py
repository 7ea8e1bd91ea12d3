"""The audit record in the installation's SQLite database."""

from __future__ import annotations

from itertools import count

from promptguard.storage.record_reading import DatabaseStore
from promptguard.storage.sqlite.audit_writer import SQLiteWriter
from promptguard.storage.sqlite.database import Database


class SQLiteStore(DatabaseStore):
    """Chains are numbered, and locked by files beside the database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._file = database

    def writer(self) -> SQLiteWriter:
        writers = (self.resume(str(number)) for number in count(1))
        return next(writer for writer in writers if writer is not None)

    def resume(self, chain: str) -> SQLiteWriter | None:
        return SQLiteWriter.take(self._file, chain)
