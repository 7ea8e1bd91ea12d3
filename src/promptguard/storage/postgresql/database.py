"""A PostgreSQL database that several machines may share, and connections to it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import psycopg
from sqlalchemy import BigInteger, Connection, bindparam, create_engine, text
from sqlalchemy.exc import DBAPIError

from promptguard.errors import StorageError
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.postgresql.address import Address
from promptguard.storage.postgresql.failures import storage_error
from promptguard.storage.schema import RECORD, Schema, prepare

_LOCK = text("SELECT pg_advisory_xact_lock(:key)").bindparams(bindparam("key", type_=BigInteger))


def lock_key(name: bytes) -> int:
    """The number of an advisory lock: eight bytes of SHA-256, so that other programs' numbers are missed."""
    return int.from_bytes(sha256(b"promptguard/lock/" + name).digest()[:8], signed=True)


class PostgreSQLDatabase(OpenDatabase):
    """An open database. Can be used from any thread; lost connections are made anew."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=address.connect,
            hide_parameters=True,  # an error message of SQLAlchemy would show the values otherwise
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=15,
        )
        self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
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
            beside: set[str] = set()
            for schema in (RECORD, *further):
                prepare(schema, database.reading, database._preparing, address.shown, beside)
                beside |= schema.tables
        except BaseException:
            database.close()
            raise
        return database

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

    @contextmanager
    def _preparing(self) -> Iterator[Connection]:
        with self.writing() as connection:
            self.lock(connection, b"schema")
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the driver as ours, and noted."""
        try:
            yield
        except (DBAPIError, psycopg.Error) as error:
            raise self.failure(error) from None
        self.problem = None

    def failure(self, error: DBAPIError | psycopg.Error) -> StorageError:
        """What to say of an error of the driver, which is noted."""
        self.problem = storage_error(error, self.address)
        return self.problem

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._engine.dispose()


def close_quietly(connection: psycopg.Connection) -> None:
    """Close a connection, whatever state it is in."""
    with contextlib.suppress(psycopg.Error):
        connection.close()
