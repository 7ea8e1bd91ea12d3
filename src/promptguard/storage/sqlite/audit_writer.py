"""Appends to the audit record in the installation's SQLite database: one chain, for one thread at a time."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import PoolProxiedConnection

from promptguard.audit.interface import Entry, Head, Linker, RecordingFailed, Writer
from promptguard.errors import StorageError
from promptguard.storage.file_lock import FileLock
from promptguard.storage.record_reading import NOTE
from promptguard.storage.sqlite.database import Database, TakesTime
from promptguard.storage.sqlite.failures import is_busy

# The way of every request leads through these, so they are spelled out for the driver.
_SELECT_HEAD = "SELECT sequence, hash, mac FROM audit_head WHERE chain = ?"
_REPLACE_HEAD = "INSERT OR REPLACE INTO audit_head (sequence, hash, mac, chain) VALUES (?, ?, ?, ?)"
_REPLACE_NOTE = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)"
_INSERT_RECORD = (
    "INSERT INTO audit_record (sequence, event_id, time, action, event, previous_hash, hash, mac, chain)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

_AT_ONCE = ("PRAGMA busy_timeout = 0", "PRAGMA wal_autocheckpoint = 0")
"""Wait for nobody, and leave checkpoints, which flush to the disk, to other connections."""


class DatabaseBusy(RecordingFailed):
    """Somebody else is writing, or the database has to be read first."""


class SQLiteWriter(Writer):
    """Holds a lock on its chain, in a file beside the database.

    The lock decides which chain a process takes, no more: two that took the same one would continue it in turn.
    """

    def __init__(self, database: Database, chain: str, lock: FileLock) -> None:
        self.chain = chain
        self._database = database
        self._lock = lock
        self._patient = _Connection(database)
        self._hasty = _Connection(database, _AT_ONCE, at_once=True)

    @classmethod
    def take(cls, database: Database, chain: str) -> SQLiteWriter | None:
        """See `Store.resume`."""
        path = database.path.with_name(f"{database.path.name}-chain-{chain}")
        try:
            lock = FileLock.take(path)
        except OSError as error:
            raise RecordingFailed(f"{path}: The audit record cannot be locked: {error.strerror}.") from None
        return cls(database, chain, lock) if lock else None

    def append(self, entries: Sequence[Entry], linker: Linker, *, durable: bool) -> Head:
        with self._patient.transaction(durable=durable) as cursor:
            return self._extend(cursor, entries, linker)

    def append_at_once(self, entries: Sequence[Entry], linker: Linker) -> Head | None:
        if not self._database.write_lock.acquire(blocking=False):
            return None
        try:
            with self._hasty.transaction(durable=False) as cursor:
                return self._extend(cursor, entries, linker)
        except DatabaseBusy:
            return None
        finally:
            self._database.write_lock.release()

    def _extend(self, cursor: Any, entries: Sequence[Entry], linker: Linker) -> Head:
        row = cursor.execute(_SELECT_HEAD, (self.chain,)).fetchone()
        records, head = linker.extend(Head(*row) if row else None, entries)
        cursor.executemany(_INSERT_RECORD, [record[:-1] for record in records])
        cursor.execute(_REPLACE_HEAD, (*head, self.chain))
        return head

    def settle(self) -> Head | None:
        # A durable commit flushes the log, and with it every commit before. It has to write something: the head again.
        with self._patient.transaction(durable=True) as cursor:
            row = cursor.execute(_SELECT_HEAD, (self.chain,)).fetchone()
            if row:
                cursor.execute(_REPLACE_HEAD, (*row, self.chain))
        return Head(*row) if row else None

    def note(self, text: str) -> None:
        with self._patient.transaction(durable=True) as cursor:
            cursor.execute(_REPLACE_NOTE, (NOTE + self.chain, text))

    def close(self) -> None:
        self._patient.close()
        self._hasty.close()
        self._lock.release()


class _Connection:
    """A connection for one writer's transactions, which no other writer, in any process, can come between."""

    def __init__(self, database: Database, settings: Sequence[str] = (), *, at_once: bool = False) -> None:
        """`settings` are statements to begin with; `at_once` leaves to others what takes time."""
        self._database = database
        self._at_once = at_once
        self._settings = settings
        self._connection: PoolProxiedConnection | None = None
        self._synchronous: bool | None = None

    @contextlib.contextmanager
    def transaction(self, *, durable: bool) -> Iterator[Any]:
        """A cursor in a transaction, which is committed at the end.

        Raises:
            DatabaseBusy: somebody else was writing for longer than the connection waits.
            RecordingFailed: nothing was committed, for another reason.
        """
        with self._database.write_lock:
            try:
                cursor = self._begin(durable=durable)
                yield cursor
                cursor.execute("COMMIT")
                self._database.check_in_place(self._connection)  # what was committed elsewhere is no record
            except sqlite3.Error as error:
                self._roll_back()
                busy = is_busy(error)
                if not busy:
                    self.close()  # after a disk error it may stay unusable; the next transaction gets a new one
                raise (DatabaseBusy if busy else RecordingFailed)(str(self._database.failure(error))) from None
            except TakesTime as error:
                self._roll_back()
                raise DatabaseBusy(str(error)) from None
            except StorageError as error:
                self._roll_back()
                self.close()
                raise RecordingFailed(str(error)) from None
            except BaseException:
                self._roll_back()
                raise

    def _begin(self, *, durable: bool) -> Any:
        if self._connection is None:
            self._connection = self._database.raw_connection()
            self._synchronous = None
            for statement in self._settings:
                self._connection.cursor().execute(statement)
        cursor = self._connection.cursor()
        if self._synchronous is not durable:
            # In WAL mode NORMAL leaves flushing to the next checkpoint, FULL flushes with each commit
            # (https://sqlite.org/pragma.html#pragma_synchronous).
            cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._synchronous = durable
        cursor.execute("BEGIN IMMEDIATE")
        self._database.check_untouched(self._connection, at_once=self._at_once)
        return cursor

    def close(self) -> None:
        """Let go of the connection; the next transaction opens another."""
        if self._connection is not None:
            self._connection.detach()  # its settings are not those of the pool
            self._connection.close()
            self._connection = None

    def _roll_back(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
