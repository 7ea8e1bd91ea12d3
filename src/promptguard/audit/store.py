"""The audit record in the installation's SQLite database."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, PoolProxiedConnection, select

from promptguard.audit.interface import Entry, Head, Linker, Record, RecordingFailed, Store
from promptguard.storage.database import Database, audit_head, audit_record, storage_error
from promptguard.storage.errors import StorageError

_PAGE = 1000
"""Records read at a time. Long reads would keep SQLite from emptying its log."""

_COLUMNS = tuple(audit_record.c[name] for name in Record._fields)

# The way of every request leads through these, so they are spelled out for the driver.
_SELECT_HEAD = "SELECT sequence, hash, mac FROM audit_head WHERE id = 1"
_REPLACE_HEAD = "INSERT OR REPLACE INTO audit_head (id, sequence, hash, mac) VALUES (1, ?, ?, ?)"
_INSERT_RECORD = (
    "INSERT INTO audit_record (sequence, event_id, time, action, event, previous_hash, hash, mac)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class SQLiteStore(Store):
    """Appends by one thread at a time; reads from any."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: PoolProxiedConnection | None = None
        self._synchronous: bool | None = None

    def append(self, entries: Sequence[Entry], linker: Linker, *, durable: bool) -> Head:
        with self._transaction(durable=durable) as cursor:
            row = cursor.execute(_SELECT_HEAD).fetchone()
            records, head = linker.extend(Head(*row) if row else None, entries)
            cursor.executemany(_INSERT_RECORD, records)
            cursor.execute(_REPLACE_HEAD, head)
        return head

    def settle(self) -> Head | None:
        # A durable commit flushes the log, and with it every commit before. It has to write something: the head again.
        with self._transaction(durable=True) as cursor:
            row = cursor.execute(_SELECT_HEAD).fetchone()
            if row:
                cursor.execute(_REPLACE_HEAD, row)
        return Head(*row) if row else None

    def head(self) -> Head | None:
        columns = audit_head.c
        with self._database.reading() as connection:
            row = connection.execute(
                select(columns.sequence, columns.hash, columns.mac).where(columns.id == 1)
            ).one_or_none()
        return Head(*row) if row else None

    def records(
        self, *, after: int = 0, since: str | None = None, until: str | None = None, actions: Collection[str] = ()
    ) -> Iterator[Record]:
        conditions: list[ColumnElement[bool]] = []
        if since is not None:
            conditions.append(audit_record.c.time >= since)
        if until is not None:
            conditions.append(audit_record.c.time < until)
        if actions:
            conditions.append(audit_record.c.action.in_(actions))
        while True:
            statement = (
                select(*_COLUMNS)
                .where(audit_record.c.sequence > after, *conditions)
                .order_by(audit_record.c.sequence)
                .limit(_PAGE)
            )
            with self._database.reading() as connection:
                page = [Record._make(row) for row in connection.execute(statement)]
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].sequence

    def last(self, count: int) -> list[Record]:
        statement = select(*_COLUMNS).order_by(audit_record.c.sequence.desc()).limit(count)
        with self._database.reading() as connection:
            return [Record._make(row) for row in connection.execute(statement)][::-1]

    def find(self, event_id: str) -> Record | None:
        statement = select(*_COLUMNS).where(audit_record.c.event_id == event_id).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(statement).one_or_none()
        return Record._make(row) if row else None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.detach()  # its settings are not those of the pool
            self._connection.close()
            self._connection = None

    @contextlib.contextmanager
    def _transaction(self, *, durable: bool) -> Iterator[Any]:
        """A cursor in a transaction that no other writer, in any process, can come between."""
        with self._database.write_lock:
            try:
                if self._connection is None:
                    self._connection = self._database.raw_connection()
                    self._synchronous = None
                cursor = self._connection.cursor()
                if self._synchronous is not durable:
                    # In WAL mode NORMAL leaves flushing to the next checkpoint, FULL flushes with each commit
                    # (https://sqlite.org/pragma.html#pragma_synchronous).
                    cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                    self._synchronous = durable
                cursor.execute("BEGIN IMMEDIATE")
                yield cursor
                cursor.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                self.close()  # after a disk error a connection may stay unusable; the next transaction gets a new one
                raise RecordingFailed(str(storage_error(error, self._database.path))) from None
            except StorageError as error:
                raise RecordingFailed(str(error)) from None
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
