"""The database of reviewing: a file beside the record's, or tables beside the record's on a server for all machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Connection

from promptguard.review.schema import REVIEW
from promptguard.storage.changes import Changes, Topic
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.sqlite.database import open_database

_BUSY_SECONDS = 10
_ALL = b"review"


class ReviewDatabase(OpenDatabase):
    """An open database of reviewing. Can be used from any thread, and by several processes."""

    def __init__(self, database: OpenDatabase, installation: str = "") -> None:
        """Review in a database that has the tables of `REVIEW`.

        Args:
            installation: the id of the data folder, where several share the database.
        """
        self._database = database
        self.installation = installation

    @classmethod
    def open(cls, path: Path) -> ReviewDatabase:
        """The SQLite database at `path`, made with mode 600 if it is not there.

        Raises:
            StorageError: it cannot be opened, is none of ours, or was written by a newer PromptGuard.
        """
        return cls(open_database(path, REVIEW, busy_timeout=_BUSY_SECONDS, durable=True))

    @classmethod
    def on_server(cls, url: str, installation: str) -> ReviewDatabase:
        """The PostgreSQL database at a URL, beside the record; its tables are made where there are none.

        Raises:
            StorageError: it cannot be reached, is not one of ours, or was written by a newer PromptGuard.
        """
        from promptguard.storage.postgresql.address import Address
        from promptguard.storage.postgresql.database import PostgreSQLDatabase

        return cls(PostgreSQLDatabase.open(Address.parse(url), REVIEW), installation)

    @property
    def place(self) -> Path | str:
        return self._database.place

    def reading(self) -> AbstractContextManager[Connection]:
        return self._database.reading()

    @contextmanager
    def writing(self, lock: bytes = _ALL) -> Iterator[Connection]:
        """A connection in a transaction, committed at the end, that no other writer comes between, on any machine.

        Args:
            lock: who writes much, and nothing that others write, names another one: then only those with the same
                name wait for each other. On SQLite all do.

        Raises:
            StorageError: the database cannot be written, and nothing has changed.
        """
        with self._database.writing() as connection:
            self._database.lock(connection, lock)
            yield connection

    def lock(self, connection: Connection, name: bytes) -> None:
        self._database.lock(connection, name)

    def announce(self, connection: Connection, topic: Topic) -> None:
        self._database.announce(connection, topic)

    def changes(self, *topics: Topic) -> Changes:
        return self._database.changes(*topics)

    def deleted(self) -> None:
        self._database.deleted()

    def close(self) -> None:
        self._database.close()
