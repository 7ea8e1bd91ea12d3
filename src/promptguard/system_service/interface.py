"""What a manager of services does for PromptGuard."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Status:
    """How the service stands."""

    running: bool
    lines: Sequence[str]
    """For people."""


class ServiceManager(ABC):
    """The manager of services of one operating system. Methods raise `PromptGuardError` for what cannot be done."""

    @abstractmethod
    def install(self, folder: Path | None) -> Sequence[str]:
        """Make the service, or bring it up to date, and return what was done, for people.

        Args:
            folder: where configuration, data and logs are; None where this system keeps such.
        """

    @abstractmethod
    def remove(self) -> None:
        """Stop the service and take it away. Configuration, record, keys and CA stay."""

    @abstractmethod
    def start(self) -> None:
        """Start it, and return once it runs."""

    @abstractmethod
    def stop(self) -> None:
        """Have it finish what is under way and end, and return once it has."""

    @abstractmethod
    def status(self) -> Status:
        """How it stands."""
