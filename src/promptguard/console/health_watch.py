"""Looks at the installation's health all the time, so that pages only say what was found."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from promptguard.audit.events import timestamp
from promptguard.rollout.health import Check, CheckStanding, HealthReport

LOOK_SECONDS = 30.0
"""Between two looks."""


class Watch:
    """Looks, and keeps what it saw last. For any thread.

    Args:
        look: looks at everything.
        now: the time, as `Event.time`.
    """

    def __init__(
        self,
        look: Callable[[], Sequence[Check]],
        now: Callable[[], str] = lambda: timestamp(datetime.now(UTC)),
    ) -> None:
        self._look = look
        self._now = now
        self._looking = threading.Lock()
        self._fine: dict[tuple[str, str], str] = {}
        self._report: HealthReport | None = None

    def report(self) -> HealthReport:
        """What was seen last; looked at now where nothing was yet."""
        return self._report or self.look()

    def look(self) -> HealthReport:
        """Look now."""
        with self._looking:
            checks, now = self._look(), self._now()
            fine = {(each.subject, each.name): now for each in checks if each.standing is CheckStanding.FINE}
            # What is not there any more, such as a process that ended, is forgotten.
            there = {(each.subject, each.name) for each in checks}
            self._fine = {key: at for key, at in (self._fine | fine).items() if key in there}
            self._report = HealthReport(now, tuple(checks), self._fine)
            return self._report
