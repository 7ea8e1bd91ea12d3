"""Changes of a SQLite database: looked for, as nothing announces them, by a number that each commit changes."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Collection
from typing import Final

from sqlalchemy import PoolProxiedConnection

from promptguard.errors import StorageError
from promptguard.storage.changes import Changes, Topic

POLL_SECONDS: Final = 0.1
"""Between two looks, of which each takes some microseconds."""


class SQLiteChanges(Changes):
    """Asks for `PRAGMA data_version` (https://sqlite.org/pragma.html#pragma_data_version): each commit counts."""

    def __init__(self, connect: Callable[[], PoolProxiedConnection], topics: Collection[Topic]) -> None:
        """Follow a database.

        Args:
            connect: a connection of the driver itself; raises `StorageError` where there is none.
            topics: what is said to have changed with each commit, of whatever it is.
        """
        self._connect = connect
        self._topics = topics
        self._ending = threading.Event()
        self._waiting = threading.Lock()
        self._connection: PoolProxiedConnection | None = None
        self._version: object = None

    def wait(self, seconds: float) -> Collection[Topic]:
        with self._waiting:
            return self._topics if self._changed(seconds) else ()

    def _changed(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        try:
            while not self._ending.is_set():
                if (version := self._asked()) != self._version:
                    self._version = version
                    return True
                if (left := until - time.monotonic()) <= 0:
                    return False
                self._ending.wait(min(left, POLL_SECONDS))
        except (sqlite3.Error, StorageError):
            self._drop()
            self._ending.wait(min(seconds, POLL_SECONDS))
            return True
        return False

    def close(self) -> None:
        self._ending.set()
        with self._waiting:
            self._drop()

    def _asked(self) -> object:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection.cursor().execute("PRAGMA data_version").fetchone()[0]

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.detach()
            self._connection.close()
            self._connection = None
            self._version = None
