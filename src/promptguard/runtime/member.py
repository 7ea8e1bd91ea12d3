"""One of several processes that serve one port of a machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """Which of how many a process is."""

    number: int = 0
    """From 0. What is there once for all of them is the first one's."""
    count: int = 1

    @property
    def is_first(self) -> bool:
        """Whether it does what is done once for all."""
        return self.number == 0

    def share_of(self, total: int) -> int:
        """How many of so many are this one's; at least one."""
        return max(1, total // self.count + (self.number < total % self.count))
