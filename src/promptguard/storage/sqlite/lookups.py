"""What a vault asks of a SQLite database at each turn, which takes some microseconds."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import PoolProxiedConnection

from promptguard.errors import StorageError
from promptguard.model import Mark
from promptguard.storage.sqlite.database import Database
from promptguard.storage.vault.lookups import MAX_LOOKED_UP, Lookups


class SQLiteLookups(Lookups):
    """Asks without waiting, on the event loop.

    A thread that is woken for it takes a millisecond or two on an idle machine, and the lookup some microseconds.
    """

    _SELECT_REVISION = "SELECT revision FROM vault_scope WHERE scope = ?"
    _SELECT_MARKS = "SELECT hash, expires FROM vault_mark WHERE scope = ? AND mark = ? AND expires > ? AND hash IN ({})"

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: PoolProxiedConnection | None = None

    async def revision(self, scope: bytes) -> int:
        rows = self._rows(self._SELECT_REVISION, (scope,))
        if rows is None:
            return -1
        return int(rows[0][0]) if rows else 0

    def marks(self, scope: bytes, mark: Mark, hashes: Sequence[str], now: float) -> dict[str, float] | None:
        if len(hashes) > MAX_LOOKED_UP:
            return None
        select = self._SELECT_MARKS.format(",".join("?" * len(hashes)))
        rows = self._rows(select, (scope, str(mark), now, *hashes))
        return None if rows is None else {each: float(expires) for each, expires in rows}

    def _rows(self, select: str, parameters: tuple[object, ...]) -> Sequence[tuple[Any, ...]] | None:
        try:
            # All rows are fetched: a statement left open would hold its state of the database.
            rows: Sequence[tuple[Any, ...]] = self._cursor().execute(select, parameters).fetchall()
        except (sqlite3.Error, StorageError):
            self.close()
            return None
        return rows

    def close(self) -> None:
        if self._connection is not None:
            self._connection.detach()  # its settings are not those of the pool
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _cursor(self) -> Any:
        if self._connection is None:
            self._connection = self._database.raw_connection()
            self._connection.cursor().execute("PRAGMA busy_timeout = 0")
        return self._connection.cursor()
