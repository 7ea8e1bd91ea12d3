"""One database for one test, of each kind: what the two have in common is tested on both."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.storage.postgresql_server import PostgreSQLServer

from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.postgresql.address import Address
from promptguard.storage.postgresql.audit_store import PostgreSQLStore
from promptguard.storage.postgresql.database import PostgreSQLDatabase
from promptguard.storage.postgresql.lookups import PostgreSQLLookups
from promptguard.storage.record_reading import DatabaseStore
from promptguard.storage.sqlite.audit_store import SQLiteStore
from promptguard.storage.sqlite.database import Database, open_database
from promptguard.storage.sqlite.lookups import SQLiteLookups
from promptguard.storage.tables import metadata
from promptguard.storage.vault.vault import DatabaseVault

INSTALLATION = "0a1b2c3d4e5f"


class Ground(ABC):
    """Opens databases, of which all are one, and does what somebody with the database alone would."""

    chains: tuple[str, ...]
    """How chains are called, in the order in which they are taken."""
    looks_up: bool
    """Whether a few marks are looked up without waiting."""
    zero: str
    """A byte of zeros in SQL."""
    opening: tuple[str, ...]
    """For a process of its own: a statement that binds `backend`, with what it needs as `sys.argv[1]`."""

    @abstractmethod
    def open(self) -> OpenDatabase: ...

    @abstractmethod
    def store(self, database: Any) -> DatabaseStore: ...

    @abstractmethod
    def vault(self, database: Any, key: bytes, **options: Any) -> DatabaseVault: ...

    @abstractmethod
    def execute(self, statement: str) -> list[Any]:
        """The rows of a statement, committed, without PromptGuard."""

    @abstractmethod
    def content(self) -> bytes:
        """All that the database holds."""

    @abstractmethod
    def refuse_inserts(self, table: str) -> None:
        """Let each insertion into a table fail from now on."""

    def engine(self, database: Any) -> Any:
        """What SQLAlchemy tells of."""
        return database.engine


class SQLiteGround(Ground):
    chains = ("1", "2", "3")
    looks_up = True
    zero = "x'00'"

    def __init__(self, folder: Path) -> None:
        self.file = folder / "a.db"
        self.opening = (
            "from promptguard.storage.sqlite.backend import SQLiteBackend; from pathlib import Path\n"
            "backend = SQLiteBackend.open(Path(sys.argv[1]))",
            str(self.file),
        )

    def open(self) -> Database:
        return open_database(self.file, busy_timeout=5)

    def store(self, database: Database) -> SQLiteStore:
        return SQLiteStore(database)

    def vault(self, database: Database, key: bytes, **options: Any) -> DatabaseVault:
        return DatabaseVault(database, SQLiteLookups(database), key, **options)

    def execute(self, statement: str) -> list[Any]:
        with closing(sqlite3.connect(self.file)) as connection:
            rows = connection.execute(statement).fetchall()
            connection.commit()
        return rows

    def content(self) -> bytes:
        return b"".join(file.read_bytes() for file in self.file.parent.iterdir() if file.is_file())

    def refuse_inserts(self, table: str) -> None:
        self.execute(f"CREATE TRIGGER no_more BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no more'); END")


class PostgreSQLGround(Ground):
    chains = tuple(f"{INSTALLATION}-{number}" for number in (1, 2, 3))
    looks_up = False
    zero = "'\\x00'::bytea"

    def __init__(self, server: PostgreSQLServer) -> None:
        self.url = server.empty()
        self.server = server
        self.opening = (
            "from promptguard.storage.postgresql.backend import PostgreSQLBackend\n"
            f"backend = PostgreSQLBackend.open(sys.argv[1], {INSTALLATION!r})",
            self.url,
        )

    def open(self) -> PostgreSQLDatabase:
        return PostgreSQLDatabase.open(Address.parse(self.url))

    def store(self, database: PostgreSQLDatabase, installation: str = INSTALLATION) -> PostgreSQLStore:
        return PostgreSQLStore(database, installation)

    def vault(self, database: PostgreSQLDatabase, key: bytes, **options: Any) -> DatabaseVault:
        return DatabaseVault(database, PostgreSQLLookups(database), key, **options)

    def execute(self, statement: str) -> list[Any]:
        return self.server.execute(statement)

    def content(self) -> bytes:
        rows = [row for table in metadata.tables for row in self.execute(f"TABLE {table}")]
        return b"\n".join(each if isinstance(each, bytes) else str(each).encode() for row in rows for each in row)

    def refuse_inserts(self, table: str) -> None:
        self.execute(f"ALTER TABLE {table} ADD CONSTRAINT no_more CHECK (false) NOT VALID")

    def engine(self, database: Any) -> Any:
        return database._engine
