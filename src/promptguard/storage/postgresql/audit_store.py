"""The audit record in a PostgreSQL database."""

from __future__ import annotations

from itertools import count

from promptguard.storage.postgresql.audit_writer import PostgreSQLWriter
from promptguard.storage.postgresql.database import PostgreSQLDatabase
from promptguard.storage.record_reading import DatabaseStore


class PostgreSQLStore(DatabaseStore):
    """Chains are named after the installation that writes them, and locked by the sessions that do."""

    def __init__(self, database: PostgreSQLDatabase, installation: str) -> None:
        """`installation` is the id of the data folder."""
        super().__init__(database)
        self._server = database
        self.installation = installation

    def writer(self) -> PostgreSQLWriter:
        writers = (self.resume(f"{self.installation}-{number}") for number in count(1))
        return next(writer for writer in writers if writer is not None)

    def resume(self, chain: str) -> PostgreSQLWriter | None:
        return PostgreSQLWriter.take(self._server, chain)
