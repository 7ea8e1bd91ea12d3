"""An installation's SQLite database: one file, for processes on one machine."""

from __future__ import annotations

from pathlib import Path

from promptguard.redaction.vault import BLOCKED_LIFETIME, PLACEHOLDER_LIFETIME
from promptguard.storage.interface import Backend
from promptguard.storage.sqlite.audit_store import SQLiteStore
from promptguard.storage.sqlite.database import Database, open_database
from promptguard.storage.sqlite.vault import SQLiteVault


class SQLiteBackend(Backend):
    """The record and the vault in one SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, path: Path) -> SQLiteBackend:
        """Open the database at `path`; it is made if it is not there, and brought up to date if it is older.

        Raises:
            StorageError: the file is no database of ours, is damaged, locked, or written by a newer PromptGuard.
        """
        return cls(open_database(path))

    def audit_store(self) -> SQLiteStore:
        return SQLiteStore(self._database)

    def vault(
        self,
        key: bytes,
        *,
        placeholder_lifetime: float = PLACEHOLDER_LIFETIME,
        blocked_lifetime: float = BLOCKED_LIFETIME,
    ) -> SQLiteVault:
        return SQLiteVault(
            self._database, key, placeholder_lifetime=placeholder_lifetime, blocked_lifetime=blocked_lifetime
        )

    def close(self) -> None:
        self._database.close()
