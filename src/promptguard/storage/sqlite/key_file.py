"""The file of the keys that records are sealed under, beside the master key: who copies the database has none."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from promptguard.errors import StorageError
from promptguard.storage.open_database import OpenDatabase

KEY_FILE = "record-keys.db"
"""In the folder of the master key."""

_BUSY_SECONDS = 10


class KeyFile(OpenDatabase):
    """An open file of keys. Can be used from any thread, and by several processes.

    It has no write-ahead log: what was deleted in the file stands nowhere beside it.
    """

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path
        self._file = str(path)
        self._stamp = _stamp(self._file)
        self._writing = threading.RLock()

    @classmethod
    def open(cls, path: Path) -> KeyFile:
        """The file at `path`, made with mode 600 if it is not there.

        Raises:
            StorageError: it cannot be opened.
        """
        writable = not path.exists() or os.access(path, os.W_OK)
        try:
            if writable:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise StorageError(
                path,
                f"The keys of the record cannot be opened: {error.strerror}.",
                "Run this as the user who runs PromptGuard.",
            ) from None
        address = f"{path.absolute().as_uri()}?mode={'rw' if writable else 'ro'}"
        engine = create_engine(
            URL.create("sqlite", database=address, query={"uri": "true"}),
            connect_args={"timeout": _BUSY_SECONDS},
            hide_parameters=True,  # an error message of SQLAlchemy would show the values otherwise
        )
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        return cls(engine, path)

    @property
    def place(self) -> Path:
        return self._path

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._told(), self._writing, self._engine.connect() as connection:
            connection = connection.execution_options(**{_IMMEDIATE: True})
            with connection.begin():
                yield connection

    def check_place(self) -> None:
        """See that this is still the file at its path: what is sealed from then on could not be opened by others.

        Raises:
            StorageError: it was deleted, moved or replaced.
        """
        try:
            there = _stamp(self._file)
        except OSError:
            there = None
        if there != self._stamp:
            raise StorageError(
                self._path,
                "The keys of the record were deleted, moved or replaced while they were in use.",
                "Put the file back. Nothing is recorded until then, as nobody could read it.",
            )

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StorageError(
                self._path,
                f"The keys of the record cannot be used ({type(error.orig).__name__}).",
                "See that the disk is not full, and that the file belongs to the user who runs PromptGuard.",
            ) from None


def _stamp(file: str) -> tuple[int, int]:
    status = os.stat(file)  # noqa: PTH116 - on the way of every request: a Path costs three times as much
    return status.st_dev, status.st_ino


_IMMEDIATE = "promptguard_immediate"


def _set_up(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin` says so
    for statement in (
        "PRAGMA synchronous = FULL",
        "PRAGMA secure_delete = ON",  # what is deleted is overwritten, not just unlinked
        "PRAGMA trusted_schema = OFF",
        "PRAGMA temp_store = MEMORY",
    ):
        connection.execute(statement).fetchall()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(_IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
