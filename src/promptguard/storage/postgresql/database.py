"""A PostgreSQL database that several machines may share, and connections to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import psycopg
from sqlalchemy import BigInteger, Connection, bindparam, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from promptguard.errors import StorageError
from promptguard.storage.changes import Topic
from promptguard.storage.key_tables import key_metadata
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.postgresql.address import Address, close_quietly
from promptguard.storage.postgresql.changes import PostgreSQLChanges, channel
from promptguard.storage.postgresql.failures import is_away, storage_error
from promptguard.storage.postgresql.reachability import Reachability
from promptguard.storage.schema import RECORD, Schema, prepare

_LOCK = text("SELECT pg_advisory_xact_lock(:key)").bindparams(bindparam("key", type_=BigInteger))

_MAY_WRITE = "LOCK TABLE meta IN ROW EXCLUSIVE MODE"
"""As each writer does by itself; a standby refuses."""

_TRY_ALONE = "SELECT pg_try_advisory_lock(%s)"

CRASH_WATCH = "audit_crash_watch"
"""A table that is empty again after the server crashed; see `positions`."""


def lock_key(name: bytes) -> int:
    """The number of an advisory lock: eight bytes of SHA-256, so that other programs' numbers are missed."""
    return int.from_bytes(sha256(b"promptguard/lock/" + name).digest()[:8], signed=True)


class PostgreSQLDatabase(OpenDatabase):
    """An open database. Can be used from any thread; lost connections are made anew.

    Where it is for a process that can go on without it, one thread finds out when it is back, and nobody else waits.
    """

    is_shared = True

    def __init__(self, address: Address, *, probing: bool = False) -> None:
        self.address = address
        self.reachability = Reachability(self._probe) if probing else None
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=address.connect,
            hide_parameters=True,  # an error message of SQLAlchemy would show the values otherwise
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=15,
        )
        self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._prepared = not probing
        self.problem: StorageError | None = None
        """Why the database could not be used when somebody last tried; None if it could."""

    @classmethod
    def open(cls, address: Address, *further: Schema) -> PostgreSQLDatabase:
        """Open the database; its tables are made where there are none, and brought up to date where they are older.

        Args:
            further: what it holds beside the record and the vault.

        Raises:
            StorageError: it cannot be reached, is not one of ours, or was written by a newer PromptGuard.
        """
        database = cls(address)
        try:
            database.prepare(*further)
        except BaseException:
            database.close()
            raise
        return database

    def prepare(self, *further: Schema) -> None:
        """Make the tables, or bring them up to date.

        Raises:
            StorageError: see `open`.
        """
        beside = {*key_metadata.tables, CRASH_WATCH}
        for schema in (RECORD, *further):
            prepare(schema, self.reading, self._preparing, self.address.shown, beside)
            beside |= schema.tables
        self._prepared = True

    @property
    def away(self) -> bool:
        """Whether it is known not to answer, so that nobody has to find out by waiting."""
        return self.reachability is not None and self.reachability.away

    @property
    def place(self) -> str:
        return self.address.shown

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._told(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._told(), self._engine.begin() as connection:
            yield connection

    def lock(self, connection: Connection, name: bytes) -> None:
        connection.execute(_LOCK, {"key": lock_key(name)})

    def announce(self, connection: Connection, topic: Topic) -> None:
        connection.execute(select(func.pg_notify(channel(topic), "")))

    def changes(self, *topics: Topic) -> PostgreSQLChanges:
        return PostgreSQLChanges(self.address, topics)

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """See `Backend.alone`: by a session of its own, whose end lets go of the lock too."""
        try:
            connection = self.address.connect(name=f"promptguard-{name}", autocommit=True)
        except psycopg.Error as error:
            raise self.failure(error) from None
        try:
            row = connection.execute(_TRY_ALONE, (lock_key(name.encode()),)).fetchone()
        except psycopg.Error as error:
            close_quietly(connection)
            raise self.failure(error) from None
        try:
            yield row is not None and row[0] is True
        finally:
            close_quietly(connection)

    @contextmanager
    def _preparing(self) -> Iterator[Connection]:
        with self.writing() as connection:
            self.lock(connection, b"schema")
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the driver as ours, and noted; the same one at once while the server is known to be away."""
        if self.away and self.problem is not None:
            raise self.problem
        try:
            yield
        except (DBAPIError, psycopg.Error) as error:
            raise self.failure(error) from None
        self.problem = None

    def failure(self, error: DBAPIError | psycopg.Error) -> StorageError:
        """What to say of an error of the driver, which is noted."""
        problem = self.problem = storage_error(error, self.address)
        if self.reachability is not None and is_away(error):
            self.reachability.lost()
        return problem

    def _probe(self) -> None:
        """See that the server answers, and takes writes; and make up for `prepare`, where it could not be done.

        Raises:
            psycopg.Error: it does not.
            StorageError: what is there is not one of ours.
        """
        if not self._prepared:
            self._prepare_apart()
        connection = self.address.connect(name="promptguard-probe")
        try:
            connection.execute(_MAY_WRITE)
            connection.rollback()
        finally:
            close_quietly(connection)
        self.problem = None

    def _prepare_apart(self) -> None:
        """Ours is closed until the server is known to be back."""
        try:
            self.open(self.address).close()
        except StorageError as error:
            self.problem = error
            raise
        self._prepared = True

    def close(self) -> None:
        """Close all connections that are not in use."""
        if self.reachability is not None:
            self.reachability.close()
        self._engine.dispose()
