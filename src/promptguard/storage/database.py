"""The database of an installation: its schema, and connections that are set up alike.

SQLite today. The schema uses portable types only, so that another database can be named by URL one day.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PoolProxiedConnection,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from promptguard.storage.errors import StorageError

SCHEMA_VERSION = 1

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about the database itself, such as `schema_version`."""

audit_record = Table(
    "audit_record",
    metadata,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("event_id", String(32), nullable=False, index=True),
    Column("time", String(24), nullable=False),
    Column("action", String(16), nullable=False),
    Column("event", LargeBinary, nullable=False),
    Column("previous_hash", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
)
"""One decision a row. `event_id`, `time` and `action` repeat what stands in `event`, for queries."""

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
)
"""Where the chain of records ends: one row, with id 1."""

vault_entry = Table(
    "vault_entry",
    metadata,
    Column("scope", LargeBinary(16), primary_key=True),
    Column("placeholder", String(128), primary_key=True),
    Column("nonce", LargeBinary(12), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("data_class", String(32)),
    Column("expires", BigInteger, nullable=False),
    Index("vault_entry_expires", "expires"),
)
"""Encrypted originals. `scope` is a keyed hash, `expires` in seconds since 1970. Those of schema 1 have no class."""

vault_scope = Table(
    "vault_scope",
    metadata,
    Column("scope", LargeBinary(16), primary_key=True),
    Column("revision", BigInteger, nullable=False),
)
"""A number for each scope with originals, which grows when one is added: what was read before is old then."""

vault_mark = Table(
    "vault_mark",
    metadata,
    Column("scope", LargeBinary(16), primary_key=True),
    Column("mark", String(16), primary_key=True),
    Column("hash", String(128), primary_key=True),
    Column("expires", BigInteger, nullable=False),
    Index("vault_mark_expires", "expires"),
    sqlite_with_rowid=False,
)
"""Values and texts that are marked in a scope (`model.Mark`), as their keyed hashes."""


class Database:
    """An open database. Can be used from any thread."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self.engine = engine
        self.path = path
        self.write_lock = threading.RLock()
        """Hold it while writing: SQLite takes one writer at a time, and makes the others sleep in milliseconds."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database, and changes nothing.

        Raises:
            StorageError: the database cannot be read.
        """
        try:
            with self.engine.connect() as connection:
                yield connection
        except (DBAPIError, sqlite3.Error) as error:
            raise storage_error(error, self.path) from None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that no other writer can come between; committed at the end.

        Raises:
            StorageError: the database cannot be written; nothing has changed.
        """
        try:
            with self.write_lock, self.engine.connect() as connection:
                connection = connection.execution_options(**{_IMMEDIATE: True})
                with connection.begin():
                    yield connection
        except (DBAPIError, sqlite3.Error) as error:
            raise storage_error(error, self.path) from None

    def raw_connection(self) -> PoolProxiedConnection:
        """A connection of the driver itself, outside any transaction, for code that must be quick."""
        try:
            return self.engine.raw_connection()
        except (DBAPIError, sqlite3.Error) as error:
            raise storage_error(error, self.path) from None

    def empty_log(self) -> None:
        """Empty the write-ahead log, where deleted rows still stand after they were overwritten in the database.

        Left for the next time if another process is reading or writing just now.
        """
        with self.write_lock, self.reading() as connection:
            cursor = connection.connection.cursor()
            (timeout,) = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute("PRAGMA busy_timeout = 0")  # nobody waits for housekeeping
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {int(timeout)}")

    def close(self) -> None:
        """Close all connections that are not in use."""
        self.engine.dispose()


def open_database(path: Path, *, busy_timeout: float = 5.0) -> Database:
    """Open the SQLite database at `path`, made with mode 600 if it is not there.

    Args:
        busy_timeout: seconds to wait for another process that writes.

    Raises:
        StorageError: the file is no database of ours, is damaged, locked, or written by a newer PromptGuard.
    """
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
    _set_up(engine)
    database = Database(engine, path)
    try:
        _prepare_schema(database)
    except BaseException:
        database.close()
        raise
    return database


_IMMEDIATE = "promptguard_immediate"


def _make_private(path: Path) -> None:
    """Make the file, or take other users' access to it away. SQLite gives the files beside it the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _set_up(engine: Engine) -> None:
    """Transactions begin where we say so, not where the sqlite3 module guesses; and the settings of each connection."""

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for statement in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = NORMAL",
            "PRAGMA secure_delete = ON",  # what is deleted is overwritten, not just unlinked
            "PRAGMA trusted_schema = OFF",  # a planted view or trigger gets no functions to call
            "PRAGMA temp_store = MEMORY",  # no copies of rows in temporary files
        ):
            connection.execute(statement)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(_IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _prepare_schema(database: Database) -> None:
    with database.reading() as connection:
        version = _schema_version(connection, database.path)
    if version is None:
        with database.writing() as connection:
            # Another process may have been quicker: the transaction decides.
            version = _schema_version(connection, database.path)
            if version is None:
                metadata.create_all(connection)
                connection.execute(insert(meta).values(name="schema_version", value=str(SCHEMA_VERSION)))
                version = SCHEMA_VERSION
    if version > SCHEMA_VERSION:
        raise StorageError(
            database.path,
            f"The database was written by a newer PromptGuard (schema {version}, this one knows {SCHEMA_VERSION}).",
            "Install that version again, or name another data folder.",
        )


def _schema_version(connection: Connection, path: Path) -> int | None:
    """The version that the database says it has; None for an empty database."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    foreign = StorageError(path, "This database is not one of PromptGuard's.", "Name another data folder.")
    if meta.name not in tables:
        raise foreign
    value = connection.scalar(select(meta.c.value).where(meta.c.name == "schema_version"))
    if not isinstance(value, str) or not value.isdecimal():
        raise foreign
    return int(value)


_SENTENCES: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_FULL: ("The disk is full.", "Make room on the disk that holds the data folder."),
    sqlite3.SQLITE_READONLY: (
        "The database is read-only.",
        "Give the user who runs PromptGuard write access to the data folder.",
    ),
    sqlite3.SQLITE_BUSY: (
        "Another process keeps the database locked.",
        "End the other program that has it open, such as a database browser or a backup.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The database is damaged.",
        "Stop PromptGuard, keep a copy for examination, and restore the last backup.",
    ),
    sqlite3.SQLITE_NOTADB: ("The file is not a database.", "Move it aside, or name another data folder."),
    sqlite3.SQLITE_CANTOPEN: (
        "The database cannot be opened.",
        "Give the user who runs PromptGuard write access to the data folder.",
    ),
    sqlite3.SQLITE_IOERR: ("The disk reported an error.", "Look after the disk that holds the data folder."),
}


def storage_error(error: DBAPIError | sqlite3.Error, path: Path) -> StorageError:
    """An error of the driver as one that a person can act on, without the driver's own words."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    name = getattr(cause, "sqlite_errorname", type(cause).__name__)
    # The low byte is the primary result code (https://sqlite.org/rescode.html).
    problem, remedy = _SENTENCES.get(
        code & 0xFF if isinstance(code, int) else -1,
        ("The database failed.", "See SQLite's description of this result code."),
    )
    return StorageError(path, f"{problem} ({name})", remedy)
