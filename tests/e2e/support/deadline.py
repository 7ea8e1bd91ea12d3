"""Waiting for something that another process does."""

from __future__ import annotations

import time
from collections.abc import Callable

_POLL_SECONDS = 0.05


def wait_until(holds: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Return as soon as `holds()` is true.

    Raises:
        TimeoutError: it is not after `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain until {what}")
        time.sleep(_POLL_SECONDS)
