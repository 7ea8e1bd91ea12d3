"""The database of reviewing, which stands beside that of the record: nobody who reads holds up who records."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from promptguard.errors import StorageError
from promptguard.review import (
    incident_tables,  # noqa: F401 - so that they are among `metadata`
    sign_in_tables,  # noqa: F401 - as well
    staff_tables,  # noqa: F401 - as well
)
from promptguard.review.tables import fact, metadata

SCHEMA_VERSION = 1
_VERSION = "schema_version"
_BUSY_SECONDS = 10


class ReviewDatabase:
    """An open database of reviewing. Can be used from any thread, and by several processes."""

    def __init__(self, engine: Engine, place: Path) -> None:
        self._engine = engine
        self._place = place
        self._writing = threading.RLock()

    @classmethod
    def open(cls, path: Path) -> ReviewDatabase:
        """The database at `path`, made with mode 600 if it is not there.

        Raises:
            StorageError: it cannot be opened, is none of ours, or was written by a newer PromptGuard.
        """
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise StorageError(
                path,
                f"The database of reviewing cannot be opened: {error.strerror}.",
                "Run this as the user who runs PromptGuard.",
            ) from None
        engine = create_engine(
            URL.create("sqlite", database=str(path)),
            connect_args={"timeout": _BUSY_SECONDS},
            hide_parameters=True,  # an error message of SQLAlchemy would show the values otherwise
        )
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        database = cls(engine, path)
        database._prepare()
        return database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database.

        Raises:
            StorageError: the database cannot be read.
        """
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that no other writer comes between; committed at the end.

        Raises:
            StorageError: the database cannot be written; nothing has changed.
        """
        with self._told(), self._writing, self._engine.connect() as connection:
            connection = connection.execution_options(promptguard_immediate=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            # Its own words quote statements and what was to be written.
            raise StorageError(
                self._place,
                f"The database of reviewing cannot be used ({type(error.orig).__name__}).",
                "See that the disk is not full, and that the data folder belongs to the user who runs PromptGuard.",
            ) from None

    def _prepare(self) -> None:
        with self.writing() as connection:
            if not inspect(connection).get_table_names():
                metadata.create_all(connection)
                connection.execute(insert(fact).values(name=_VERSION, value=str(SCHEMA_VERSION)))
                return
            tables = inspect(connection).get_table_names()
            version = (
                connection.scalar(select(fact.c.value).where(fact.c.name == _VERSION)) if fact.name in tables else ""
            )
        if version != str(SCHEMA_VERSION):
            newer = (version or "").isdecimal()
            raise StorageError(
                self._place,
                "This database was written by another version of PromptGuard."
                if newer
                else "This database is not one of PromptGuard's.",
                "Move it aside: decisions are taken up again from the record; accounts have to be made anew.",
            )


def _set_up(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin` says so
    for statement in (
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA secure_delete = ON",
        "PRAGMA trusted_schema = OFF",
        "PRAGMA temp_store = MEMORY",
    ):
        connection.execute(statement).fetchall()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("promptguard_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
