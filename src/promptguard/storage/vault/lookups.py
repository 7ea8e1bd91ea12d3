"""What a vault asks at each turn: whether somebody has written in a scope since it was read, and a few marks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final

from promptguard.model import Mark

MAX_LOOKED_UP: Final = 64
"""Marks that are looked up at once, on the event loop: a tenth of a millisecond."""


class Lookups(ABC):
    """Asks by primary key, through a connection kept for it."""

    @abstractmethod
    async def revision(self, scope: bytes) -> int:
        """The revision in the database now, 0 of a scope without one; -1 if it cannot be told just now."""

    def marks(self, scope: bytes, mark: Mark, hashes: Sequence[str], now: float) -> dict[str, float] | None:
        """As `VaultRows.read_marks`; None if it cannot be told without waiting."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Let go of the connection."""
