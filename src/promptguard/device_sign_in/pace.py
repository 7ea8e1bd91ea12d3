"""How soon each device may ask again what has come of its sign-in."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

MAX_KEPT: Final = 10_000
"""Beyond that, the one that has not asked for the longest is forgotten, and the provider alone slows it down."""
SLOWER_SECONDS: Final = 5
"""By how much a device has to wait longer once it asked too soon (RFC 8628, 3.5)."""


class Pace:
    """Devices that ask too often are not passed on to the provider, to whom they are all one client. For any thread.

    Args:
        now: seconds since 1970.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._counting = threading.Lock()
        self._next: OrderedDict[bytes, tuple[float, int]] = OrderedDict()

    def begins(self, handle: str, interval: int) -> None:
        """Have a device wait before it asks for the first time.

        Args:
            handle: of the sign-in.
            interval: seconds.
        """
        with self._counting:
            self._put(_digest(handle), interval)

    def allows(self, handle: str, interval: int) -> bool:
        """Whether a device may ask now; from then on it has to wait again, longer where it asked too soon.

        Args:
            handle: of the sign-in.
            interval: seconds, where it is not known: it was begun at another proxy.
        """
        key = _digest(handle)
        with self._counting:
            at, interval = self._next.get(key, (0.0, interval))
            too_soon = self._now() < at
            self._put(key, interval + SLOWER_SECONDS if too_soon else interval)
            return not too_soon

    def seconds_to_wait(self, handle: str) -> float:
        """How long until a device may ask; 0 where it may now."""
        with self._counting:
            return max(0.0, self._next.get(_digest(handle), (0.0, 0))[0] - self._now())

    def slows(self, handle: str) -> None:
        """Have a device wait longer, as the provider says."""
        key = _digest(handle)
        with self._counting:
            self._put(key, self._next.get(key, (0.0, 0))[1] + SLOWER_SECONDS)

    def _put(self, key: bytes, interval: int) -> None:
        self._next[key] = self._now() + interval, interval
        self._next.move_to_end(key)
        if len(self._next) > MAX_KEPT:
            self._next.popitem(last=False)


def _digest(handle: str) -> bytes:
    return hashlib.sha256(handle.encode()).digest()
