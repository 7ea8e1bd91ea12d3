"""Changes that a PostgreSQL server announces (LISTEN and NOTIFY), to all machines."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from typing import Final

import psycopg

from promptguard.storage.changes import Changes, Topic
from promptguard.storage.postgresql.address import Address, close_quietly

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

    def wait(self, seconds: float) -> Collection[Topic]:
        try:
            with self._waiting:
                return self._wait(seconds)
        finally:
            if self._ending.is_set():
                self.close()

    def _wait(self, seconds: float) -> Collection[Topic]:
        until = time.monotonic() + seconds
        if self._ending.is_set():
            return ()
        try:
            if self._connection is None or self._connection.closed:
                self._listen()
                return self._topics  # for what was announced while nobody listened
            while not self._ending.is_set() and (left := until - time.monotonic()) > 0:
                told = list(self._connection.notifies(timeout=min(left, _SLICE_SECONDS), stop_after=1))
                if told:
                    return {topic for topic in self._topics for each in told if each.channel == channel(topic)}
        except psycopg.Error:
            self._drop()
            self._ending.wait(min(seconds, _RETRY_SECONDS))
            return self._topics
        return ()

    def close(self) -> None:
        self._ending.set()
        if self._waiting.acquire(blocking=False):  # else whoever waits does it: they may be connecting, for seconds
            try:
                self._drop()
            finally:
                self._waiting.release()

    def _listen(self) -> None:
        self._connection = self._address.connect(name="promptguard-changes", autocommit=True)
        for topic in self._topics:
            self._connection.execute(f"LISTEN {channel(topic)}".encode())

    def _drop(self) -> None:
        if self._connection is not None:
            close_quietly(self._connection)
            self._connection = None
