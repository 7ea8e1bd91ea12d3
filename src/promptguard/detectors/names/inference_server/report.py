"""What workers counted of a server."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class ServerReport:
    """Counts of one worker since its start, or of several together."""

    answered: int = 0
    """Times that the server judged what it was asked."""
    failed: int = 0
    """Times that it did not."""
    fallback: int = 0
    """Pieces of text that were judged here in its place."""
    seconds: float = 0.0
    """For which workers waited for it."""
    open: int = 0
    """Workers that do not ask it now, because it failed."""

    def with_answer(self, seconds: float) -> Self:
        """And one answer."""
        return replace(self, answered=self.answered + 1, seconds=self.seconds + seconds)

    def with_failure(self, seconds: float) -> Self:
        """And one failure."""
        return replace(self, failed=self.failed + 1, seconds=self.seconds + seconds)

    def with_fallback(self, pieces: int) -> Self:
        """And so many pieces that were judged here."""
        return replace(self, fallback=self.fallback + pieces)

    def with_open(self, is_open: bool) -> Self:
        """Of one worker, with whether it asks now."""
        return replace(self, open=int(is_open))

    def __add__(self, other: ServerReport) -> ServerReport:
        return ServerReport(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))

    def as_list(self) -> list[float]:
        """For a frame; `ServerReport(*…)` reads it."""
        return list(astuple(self))
