"""A circuit breaker: after a failure nobody is asked for a while, the longer the more failures there were."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import Final

_FIRST_PAUSE: Final = 1.0
"""Seconds; doubled each time until one has answered again."""


class CircuitBreaker:
    """Says whether to ask. Several threads may use it."""

    def __init__(self, longest: float, clock: Callable[[], float] = monotonic) -> None:
        """Closed: ask.

        Args:
            longest: seconds of a pause at most.
            clock: gives seconds.
        """
        self._longest = longest
        self._clock = clock
        self._lock = threading.Lock()
        self._pause = 0.0
        self._until = 0.0
        self._trying = False

    @property
    def open(self) -> bool:
        """Whether the last one who asked got no answer."""
        return self._pause > 0

    def admits(self) -> bool:
        """Whether to ask now. After a pause one is admitted; the others are when that one has been answered."""
        with self._lock:
            if not self.open:
                return True
            if self._trying or self._clock() < self._until:
                return False
            self._trying = True
            return True

    def answered(self) -> None:
        """One who was admitted got an answer."""
        with self._lock:
            self._pause = 0.0
            self._trying = False

    def failed(self) -> None:
        """One who was admitted got none."""
        with self._lock:
            self._trying = False
            now = self._clock()
            if self.open and now < self._until:
                return  # of those who were admitted together, one counts
            self._pause = min(max(2 * self._pause, _FIRST_PAUSE), self._longest)
            self._until = now + self._pause
