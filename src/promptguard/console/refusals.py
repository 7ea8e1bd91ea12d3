"""What was refused is written down, but whoever is refused without end does not fill the ledger with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MAX_NOTED = 30
"""Refusals of one kind, for one account, in `NOTED_SECONDS`. Further ones are counted."""
NOTED_SECONDS = 3600
MAX_KINDS = 10_000


class Refusals:
    """Which refusals are written down. For any thread.

    Args:
        now: seconds that only grow.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._counting = threading.Lock()
        self._kinds: dict[str, tuple[float, int]] = {}
        """Since when, and how many."""

    def told(self, kind: str) -> dict[str, str] | None:
        """What the ledger is to say of one more, beside what it is; None where nothing is to be written."""
        with self._counting:
            since, count = self._kinds.pop(kind, (self._now(), 0))
            over = self._now() >= since + NOTED_SECONDS
            before = max(count - MAX_NOTED, 0) if over else 0
            since, count = (self._now(), 0) if over else (since, count)
            self._kinds[kind] = (since, count + 1)
            while len(self._kinds) > MAX_KINDS:
                del self._kinds[next(iter(self._kinds))]
        if count >= MAX_NOTED:
            return None
        told = {"not_written_before": str(before)} if before else {}
        return {**told, "further_ones": "counted for an hour"} if count + 1 == MAX_NOTED else told
