"""Whether a server answers: found out by one thread for all, so that nothing else waits for one that does not."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

import psycopg

from promptguard.errors import StorageError

log = logging.getLogger(__name__)

PROBE_SECONDS: Final = 0.5
"""Between two tries to reach a server that was lost."""


class Reachability:
    """Tries to reach a server that was lost until it is back. Can be told and asked from any thread."""

    def __init__(self, probe: Callable[[], None]) -> None:
        """`probe` returns if the server answers, and raises `psycopg.Error` if it does not."""
        self._probe = probe
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._away = False
        self._when_back: list[Callable[[], object]] = []

    @property
    def away(self) -> bool:
        """Whether the server was lost, and is not back."""
        return self._away

    def when_back(self, tell: Callable[[], object]) -> None:
        """Have this called, in another thread, each time that the server is back."""
        self._when_back.append(tell)

    def lost(self) -> None:
        """Somebody could not reach it."""
        with self._lock:
            if self._away or self._ending.is_set():
                return
            self._away = True
        threading.Thread(target=self._until_back, name="promptguard-database-probe", daemon=True).start()

    def close(self) -> None:
        """Try no more."""
        self._ending.set()

    def _until_back(self) -> None:
        while not self._ending.wait(PROBE_SECONDS):
            try:
                self._probe()
            except (psycopg.Error, StorageError):
                continue
            with self._lock:
                self._away = False
            for tell in self._when_back:
                tell()
            return
