"""What people and their agents send: assumptions, all of them here. docs/capacity.md shows them beside the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

COMPANIES = (200, 2_000, 10_000, 100_000)
"""People."""


class Kind(StrEnum):
    """Kinds of requests, each with a cost of its own."""

    SMALL = "small"
    """What a web chat asks besides: lists of conversations, telemetry. 100 bytes, no finding."""
    CLEAN = "clean"
    """A prompt of 2 KB, searched for names, in which nothing is found."""
    FOUND = "found"
    """A prompt of 2 KB with names, which are replaced and put back."""
    AGENT = "agent"
    """A conversation of 60 KB that was sent before, with 1 KB of new text."""


@dataclass(frozen=True, slots=True)
class Workload:
    """What a company of so many people sends on a working day."""

    prompts: float = 20.0
    """Prompts that one person writes a working day."""
    found: float = 0.25
    """The share of them in which something is found."""
    small: float = 15.0
    """Further requests of a web chat for each prompt."""
    agent_users: float = 0.10
    """The share of people who use a coding agent."""
    agent_sessions: float = 8.0
    """Tasks that one of them gives it a working day."""
    agent_requests: float = 40.0
    """Requests of an agent for one task."""
    agent_pause_seconds: float = 6.0
    """Between an agent's requests, on average: the model's answer, and a tool that runs."""
    working_days: int = 230
    """A year."""
    hours: tuple[float, ...] = (0, 0, 0, 0, 0, 0, 1, 4, 9, 13, 14, 10, 7, 11, 13, 10, 5, 2, 1, 0, 0, 0, 0, 0)
    """What begins in each hour of a day, in percent."""

    def requests(self, people: float) -> Mapping[Kind, float]:
        """Requests of a working day."""
        prompts = people * self.prompts
        return MappingProxyType(
            {
                Kind.SMALL: prompts * self.small,
                Kind.CLEAN: prompts * (1 - self.found),
                Kind.FOUND: prompts * self.found,
                Kind.AGENT: people * self.agent_users * self.agent_sessions * self.agent_requests,
            }
        )

    @property
    def busiest_hour(self) -> float:
        """Its share of a day."""
        return max(self.hours) / sum(self.hours)
