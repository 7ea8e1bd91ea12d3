"""Looks at the installation's health all the time, so that pages only say what was found."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from promptguard.audit.events import timestamp
from promptguard.rollout.health import Check, CheckStanding, HealthReport

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0


class Watch:
    """A thread that looks, and the last thing that it saw. For any thread.

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
        self._stopped = threading.Event()
        self._fine: dict[tuple[str, str], str] = {}
        self._report: HealthReport | None = None
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)

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

    def start(self) -> None:
        """Look from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join(LOOK_SECONDS)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except Exception as error:  # the next look may do
                log.error("The installation's health cannot be looked at: %s", type(error).__name__)
            self._stopped.wait(LOOK_SECONDS)
