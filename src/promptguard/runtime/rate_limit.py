"""How often somebody may try."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MAX_CLIENTS = 10_000


class RateLimit:
    """So many tries in so many seconds from each client. For any thread.

    Args:
        tries: how many.
        seconds: within which time.
        now: seconds that only grow.
    """

    def __init__(self, tries: int, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._tries = tries
        self._seconds = seconds
        self._now = now
        self._counting = threading.Lock()
        self._clients: dict[str, list[float]] = {}

    def allows(self, client: str) -> bool:
        """Whether a client may try once more; the try is counted if so."""
        with self._counting:
            return self._allows(client, self._now())

    def give_back(self, client: str, tries: int) -> None:
        """Count a client's last tries no more: they were no guesses, as they have led to something."""
        with self._counting:
            if recent := self._clients.get(client):
                del recent[-tries:]

    def _allows(self, client: str, now: float) -> bool:
        recent = [at for at in self._clients.pop(client, []) if at > now - self._seconds]
        allowed = len(recent) < self._tries
        if allowed:
            recent.append(now)
        self._clients[client] = recent
        while len(self._clients) > MAX_CLIENTS:
            del self._clients[next(iter(self._clients))]  # the one who has not tried for the longest
        return allowed
