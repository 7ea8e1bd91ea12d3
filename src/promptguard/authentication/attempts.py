"""How many wrong passwords an address may try, and how long it waits then."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

FREE: Final = 10
"""Wrong passwords before the first wait: many people may share an address."""

MAX_SECONDS: Final = 900.0
"""The longest wait. After as long without another wrong password all is forgotten."""

MAX_ADDRESSES: Final = 10_000
"""Beyond that the oldest is forgotten."""


@dataclass(slots=True)
class _Failures:
    count: int
    at: float

    @property
    def wait(self) -> float:
        """Seconds from the last failure: 1, 2, 4, ..."""
        return min(2.0 ** (self.count - FREE), MAX_SECONDS) if self.count >= FREE else 0.0


class Attempts:
    """Counts wrong passwords by address, in memory. Not by user: nobody is to lock out somebody else.

    Args:
        now: a clock in seconds that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def seconds_to_wait(self, address: str) -> float:
        """How long until this address may try another password; 0 where it may now."""
        failures = self._failures.get(address)
        if failures is None:
            return 0.0
        passed = self._now() - failures.at
        if passed >= MAX_SECONDS:
            del self._failures[address]
            return 0.0
        return max(0.0, failures.wait - passed)

    def failed(self, address: str) -> None:
        """Note a wrong password. A right one takes none back: whoever has one could go on guessing others'."""
        now = self._now()
        before = self._failures.pop(address, None)
        count = before.count + 1 if before and now - before.at < MAX_SECONDS else 1
        self._failures[address] = _Failures(count, now)
        if len(self._failures) > MAX_ADDRESSES:
            self._failures.popitem(last=False)
