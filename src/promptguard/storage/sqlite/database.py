"""The SQLite database of an installation, and connections to it that are set up alike."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from promptguard.errors import StorageError
from promptguard.storage.changes import Topic
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.schema import RECORD, Schema, prepare
from promptguard.storage.sqlite.changes import SQLiteChanges
from promptguard.storage.sqlite.failures import is_busy, storage_error, unreadable
from promptguard.storage.sqlite.files_in_place import FilesInPlace
from promptguard.storage.sqlite.untouched import Overwritten, Untouched


class TakesTime(StorageError):
    """What was to be done at once cannot be."""


class Database(OpenDatabase):
    """An open database. Can be used from any thread."""

    def __init__(self, engine: Engine, path: Path, files: FilesInPlace) -> None:
        self.engine = engine
        self.path = path
        self._files = files
        self._content = Untouched(path, files)
        self._open: PoolProxiedConnection | None = None
        """Whoever closes the last connection copies the log into the database and deletes it. This one is the last."""
        self._overwritten: Overwritten | None = None
        """Once it is found, until the next start."""
        self._telling = threading.Lock()
        self.when_overwritten: Callable[[StorageError], object] = lambda _: None
        """Called once, when others than SQLite are found to have written into the files."""
        self.write_lock = threading.RLock()
        """Hold it while writing: SQLite takes one writer at a time, and makes the others sleep in milliseconds."""

    @property
    def place(self) -> Path:
        return self.path

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        try:
            with self.engine.connect() as connection:
                yield connection
        except (DBAPIError, sqlite3.Error) as error:
            raise self.failure(error) from None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that no other writer can come between; committed at the end.

        Raises:
            StorageError: the database cannot be written, and nothing has changed; or its files are not in their place
                any more.
        """
        with self._writing(flushed=nullcontext) as connection:
            yield connection

    @contextmanager
    def writing_durably(self) -> Iterator[Connection]:
        with self._writing(flushed=_flushing) as connection:
            yield connection

    @contextmanager
    def _writing(self, flushed: Callable[[Connection], AbstractContextManager[object]]) -> Iterator[Connection]:
        try:
            with self.write_lock, self.engine.connect() as connection:
                connection = connection.execution_options(**{_IMMEDIATE: True})
                with flushed(connection):
                    with connection.begin():
                        self.check_untouched(connection)
                        yield connection
                    self.check_in_place(connection)
        except (DBAPIError, sqlite3.Error) as error:
            raise self.failure(error) from None

    def changes(self, *topics: Topic) -> SQLiteChanges:
        return SQLiteChanges(self.raw_connection, topics)

    def raw_connection(self) -> PoolProxiedConnection:
        """A connection of the driver itself, outside any transaction, for code that must be quick."""
        if self._overwritten is not None:
            raise self._overwritten
        try:
            return self.engine.raw_connection()
        except (DBAPIError, sqlite3.Error) as error:
            raise self.failure(error) from None

    def check_in_place(self, connection: Connection | PoolProxiedConnection | None = None) -> None:
        """See that what was just written through a connection, or None for any, is found by those who open the path.

        Raises:
            StorageError: the files were deleted, moved, replaced, cut or overwritten.
        """
        if self._overwritten is not None:
            raise self._overwritten
        if connection is None:
            self._files.check(None)
            return
        try:
            index = self._content.index()
            changes = self._files.check(connection.info[_FILES])
            if self._content.is_begun:
                self._look_into(lambda: self._content.note_written(index, changes))
            else:
                self._content.begin(_driver(connection))
        except OSError as error:
            raise unreadable(self.path, error) from None
        if self._overwritten is not None:
            raise self._overwritten

    def check_untouched(self, connection: Connection | PoolProxiedConnection, *, at_once: bool = False) -> None:
        """See, at the start of a transaction that writes, that nobody but SQLite has written into the files.

        Raises:
            StorageError: somebody has, and nothing is written until the next start; or they are not in their place.
            TakesTime: `at_once`, and it would take time to see.
        """
        if self._overwritten is None and not self._content.is_as_noted:
            if at_once and self._content.takes_time:
                raise TakesTime(self.path, "The database was changed, and has to be read.", "Try again.")
            if not self._content.is_emptied:
                self._files.check_same(connection.info[_FILES])
            self._look_into(lambda: self._content.check(_driver(connection)))
        if self._overwritten is not None:
            raise self._overwritten

    def look_after(self) -> None:
        """See that the files are in their place and untouched, also where nothing is written now. Waits for nobody.

        Raises:
            StorageError: they are not.
        """
        changed = not self._content.is_as_noted
        if changed:
            self._look_into(self._content.check_kind)  # of an empty database SQLite itself deletes the log
        self.check_in_place()
        if not changed or self._open is None or not self.write_lock.acquire(blocking=False):
            return
        try:
            self._open.cursor().execute("BEGIN IMMEDIATE")
            self.check_untouched(self._open)
        except sqlite3.Error as error:
            failure = self.failure(error)
            if not is_busy(error) or self._overwritten is not None:  # else somebody writes: the next transaction looks
                raise failure from None
        finally:
            with suppress(sqlite3.Error):
                self._open.rollback()
            self.write_lock.release()

    def failure(self, error: DBAPIError | sqlite3.Error) -> StorageError:
        """What to say of an error of the driver: that the files were overwritten, where that is why."""
        if self._overwritten is None and not self._content.is_as_noted:
            with suppress(StorageError):
                if not self._content.is_emptied:
                    self._files.check_same(None)
                self._look_without_transaction(busy=is_busy(error))
        return self._overwritten or storage_error(error, self.path)

    def _look_without_transaction(self, *, busy: bool) -> None:
        """Others may be writing: where that is what the driver says, only what no writer of SQLite's leaves counts."""
        if busy:
            self._look_into(self._content.check_kind)
        elif self.write_lock.acquire(blocking=False):
            try:
                self._look_into(lambda: self._content.check(None))
            finally:
                self.write_lock.release()

    def _look_into(self, check: Callable[[], object]) -> None:
        try:
            check()
        except Overwritten as error:
            with self._telling:
                if self._overwritten is None:
                    self._overwritten = error
                    self.when_overwritten(error)
        except OSError as error:
            raise unreadable(self.path, error) from None

    def deleted(self) -> None:
        self.empty_log()

    def empty_log(self) -> None:
        """Empty the write-ahead log, where deleted rows still stand after they were overwritten in the database.

        Left for the next time if another process is reading or writing just now.
        """
        with self.writing():
            pass  # a log that was overwritten must not be copied
        with self.write_lock, self.reading() as connection:
            cursor = connection.connection.cursor()
            (timeout,) = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute("PRAGMA busy_timeout = 0")  # nobody waits for housekeeping
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {int(timeout)}")
            self.check_in_place(connection)

    def keep_open(self) -> None:
        """Keep the files open until `close`, whatever other connections do.

        Raises:
            StorageError: the database cannot be opened.
        """
        self._open = self.raw_connection()
        self._open.cursor().execute("PRAGMA busy_timeout = 0")
        self._files.pin()

    def close(self) -> None:
        """Close all connections that are not in use."""
        if self._open is not None:
            self._open.detach()  # its settings are not those of the pool
            self._open.close()
            self._open = None
        self.engine.dispose()
        self._files.unpin()
        self._content.close()


def open_database(path: Path, schema: Schema = RECORD, *, busy_timeout: float = 5.0, durable: bool = False) -> Database:
    """Open the SQLite database at `path`, made with mode 600 if it is not there.

    Args:
        schema: what it holds.
        busy_timeout: seconds to wait for another process that writes.
        durable: whether each transaction would survive a power cut; else those before a checkpoint do.

    Raises:
        StorageError: the file is no database of ours, is damaged, locked, or written by a newer PromptGuard; or it is
            gone, and what belongs to it is still there.
    """
    _check_nothing_left(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_private(path)
    except OSError as error:
        raise StorageError(
            path,
            f"The database cannot be opened: {error.strerror}.",
            "Give the user who runs PromptGuard write access to this folder, or name another data folder.",
        ) from None
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": busy_timeout},
        hide_parameters=True,  # an error message of SQLAlchemy would show the values otherwise
    )
    files = FilesInPlace(path)
    _set_up(engine, files, durable)
    database = Database(engine, path, files)
    try:
        prepare(schema, database.reading, database.writing, path)
        database.keep_open()
    except BaseException:
        database.close()
        raise
    return database


def _driver(connection: Connection | PoolProxiedConnection) -> sqlite3.Connection:
    found: Any = connection.connection if isinstance(connection, Connection) else connection
    driver: sqlite3.Connection = found.driver_connection
    return driver


_IMMEDIATE = "promptguard_immediate"
_FILES = "promptguard_files"


@contextmanager
def _flushing(connection: Connection) -> Iterator[None]:
    """Each commit through a connection is flushed to the disk (https://sqlite.org/pragma.html#pragma_synchronous)."""
    cursor = connection.connection.cursor()
    (before,) = cursor.execute("PRAGMA synchronous").fetchone()
    cursor.execute("PRAGMA synchronous = FULL")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA synchronous = {int(before)}")


def _check_nothing_left(path: Path) -> None:
    """SQLite takes a log beside a new database for a left-over, and empties it; records stand in it that are nowhere
    else until a checkpoint."""
    if path.exists():
        return
    for left in (path.with_name(path.name + ending) for ending in ("-wal", "-journal")):
        # Looked for once more: another process may just have made both.
        if left.exists() and left.stat().st_size and not path.exists():
            raise StorageError(
                path,
                f"The database is gone, and its log {left.name}, with records in it, is there. Nothing was changed.",
                "Put the database back beside it, or restore all of a backup. To begin anew, move the log away, too.",
            )


def _make_private(path: Path) -> None:
    """Make the file, or take other users' access to it away. SQLite gives the files beside it the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _set_up(engine: Engine, files: FilesInPlace, durable: bool) -> None:
    """Transactions begin where we say so, not where the sqlite3 module guesses; and the settings of each connection."""

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for statement in (
            "PRAGMA journal_mode = WAL",
            f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}",
            "PRAGMA secure_delete = ON",  # what is deleted is overwritten, not just unlinked
            "PRAGMA trusted_schema = OFF",  # a planted view or trigger gets no functions to call
            "PRAGMA temp_store = MEMORY",  # no copies of rows in temporary files
            "SELECT 1 FROM sqlite_schema LIMIT 1",  # opens the log
        ):
            connection.execute(statement).fetchall()
        record.info[_FILES] = files.opened()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(_IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
