"""Warnings on machines that come again and again, told once an hour for each."""

from __future__ import annotations

import logging
import time
from typing import Final

logger = logging.getLogger(__name__)

TOLD_SECONDS: Final = 3600.0
MAX_TOLD: Final = 1000


class Seldom:
    """Remembers of which addresses something was told."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    def warn(self, message: str, address: str, *more: object) -> None:
        """Log a warning on an address, unless one on it was logged within the hour."""
        now = time.monotonic()
        if now - self._told.get(address, -TOLD_SECONDS) < TOLD_SECONDS:
            return
        if len(self._told) >= MAX_TOLD:
            self._told.clear()
        self._told[address] = now
        logger.warning(message, address, *more)
