"""Who computes when a worker has a short text and a long one: between its pieces, the long one lets the short go first.

Two threads share one core piece by piece of the interpreter's lock, which would double the time of a short text. A long
text is looked at in pieces of a millisecond or so, and waits between two of them while short ones are there; never for
long, so that it ends too where short ones never do.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

_SHARE: Final = 4
"""A long text has at least one part of the time in this and one more."""

_LONGEST: Final = 0.1
"""Seconds that it waits at most before it goes on."""


class Precedence:
    """For one thread with short texts and one with a long text."""

    def __init__(self) -> None:
        self._free = threading.Event()
        self._free.set()

    @contextmanager
    def short(self) -> Iterator[None]:
        """While a short text is looked at."""
        self._free.clear()
        try:
            yield
        finally:
            self._free.set()

    def long(self, limit: float) -> Turn:
        """A long text begins, which may take `limit` seconds, waiting included."""
        return Turn(self._free, limit)


class Turn:
    """The turn of one long text. Called between two of its pieces."""

    def __init__(self, free: threading.Event, limit: float) -> None:
        self._free = free
        self._since = monotonic()
        self._until = self._since + limit

    def __call__(self) -> None:
        """Let short texts go first.

        Raises:
            TimeoutError: the long text has taken as long as it may: nobody waits for it any more.
        """
        now = monotonic()
        if now > self._until:
            raise TimeoutError
        if not self._free.is_set():
            self._free.wait(min((now - self._since) * _SHARE, _LONGEST))
            now = monotonic()
        self._since = now


def at_once() -> None:
    """The turn of a text that waits for no other."""
