"""Changes that a PostgreSQL server announces (LISTEN and NOTIFY), to all machines."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from typing import Final

import psycopg

from promptguard.storage.changes import Changes, Topic
from promptguard.storage.postgresql.address import Address
from promptguard.storage.postgresql.database import close_quietly

NOTIFY: Final = "SELECT pg_notify(%s, '')"
_RETRY_SECONDS: Final = 0.5
_SLICE_SECONDS: Final = 0.25
"""How long it takes at most to see that this was closed."""


def channel(topic: Topic) -> str:
    """The name under which the server knows a topic."""
    return f"promptguard_{topic}"


class PostgreSQLChanges(Changes):
    """Listens on a connection of its own, which is made anew where it is lost."""

    def __init__(self, address: Address, topics: Collection[Topic]) -> None:
        self._address = address
        self._topics = topics
        self._ending = threading.Event()
        self._waiting = threading.Lock()
        self._connection: psycopg.Connection | None = None

    def wait(self, seconds: float) -> bool:
        with self._waiting:
            return self._wait(seconds)

    def _wait(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        if self._ending.is_set():
            return False
        try:
            if self._connection is None or self._connection.closed:
                self._listen()
                return True  # for what was announced while nobody listened
            while not self._ending.is_set() and (left := until - time.monotonic()) > 0:
                if list(self._connection.notifies(timeout=min(left, _SLICE_SECONDS), stop_after=1)):
                    return True
        except psycopg.Error:
            self._drop()
            self._ending.wait(min(seconds, _RETRY_SECONDS))
            return True
        return False

    def close(self) -> None:
        self._ending.set()
        with self._waiting:
            self._drop()

    def _listen(self) -> None:
        self._connection = self._address.connect(name="promptguard-changes", autocommit=True)
        for topic in self._topics:
            self._connection.execute(f"LISTEN {channel(topic)}".encode())

    def _drop(self) -> None:
        if self._connection is not None:
            close_quietly(self._connection)
            self._connection = None
