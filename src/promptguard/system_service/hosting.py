"""What a service does from its start to its end, whatever the system: it keeps one proxy, and ends with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import Final, Protocol

from promptguard.system_service.child import ProxyProcess

START_SECONDS: Final = 120.0
"""After which a proxy counts as started that has not said that it is ready: a first start compiles patterns."""
LOOK_SECONDS: Final = 1.0
"""Between two looks, and reports, while it starts or ends."""
MISTAKE: Final = 2
"""The proxy's exit status for a mistake in the configuration, which a restart would not mend."""


class Reporting(Protocol):
    """What the system's manager is told. Each but the last may be told several times: it is still so."""

    def starting(self) -> None:
        """It begins."""

    def running(self) -> None:
        """It serves."""

    def stopping(self) -> None:
        """It finishes what is under way."""


class Hosting:
    """One run of the service.

    Args:
        seconds_to_end: how long the proxy may take to end; asked when it is to.
    """

    def __init__(self, process: ProxyProcess, reporting: Reporting, seconds_to_end: Callable[[], float]) -> None:
        self._process = process
        self._reporting = reporting
        self._seconds_to_end = seconds_to_end
        self._ending = False
        self._changed = threading.Event()

    def end(self) -> None:
        """Have the proxy end; for any thread, any number of times."""
        self._ending = True
        self._changed.set()

    def run(self) -> int:
        """Keep the proxy until it ends or is to end; gives its exit status, and 0 where it was to end.

        Raises:
            OSError: it cannot be started.
        """
        self._reporting.starting()
        self._process.start(self._changed.set)
        until = monotonic() + START_SECONDS
        while self._goes_on and not self._process.serves and monotonic() < until:
            self._reporting.starting()
            self._changed.wait(LOOK_SECONDS)
        if self._goes_on:
            self._reporting.running()
        while self._goes_on:
            self._changed.wait()
        if not self._ending:
            return self._process.status
        self._end()
        return 0

    @property
    def _goes_on(self) -> bool:
        return not self._ending and self._process.alive

    def _end(self) -> None:
        self._reporting.stopping()
        self._process.ask_to_end()
        until = monotonic() + self._seconds_to_end()
        while self._process.alive and monotonic() < until:
            self._reporting.stopping()
            self._changed.clear()
            if self._process.alive:
                self._changed.wait(LOOK_SECONDS)
        self._process.kill()
