"""What tells those who follow a database that something has changed, so that they need not look all the time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from enum import StrEnum
from typing import Final

MAX_WAIT_SECONDS: Final = 5.0
"""After which to look all the same: what is announced may get lost with a connection, a change never does."""


class Topic(StrEnum):
    """What may change."""

    RECORDS = "records"
    """There are new decisions."""
    INCIDENTS = "incidents"
    """One was opened, or something was done about one: its clock may be another."""
    POLICY = "policy"
    """Versions of the policy, and what is not to be found any more."""


class Changes(ABC):
    """Waits for changes of some topics. For one thread; closed from any."""

    @abstractmethod
    def wait(self, seconds: float) -> Collection[Topic]:
        """Return when there may be something new, or after so many seconds, or when this is closed.

        Returns:
            Where to look: everywhere where it cannot be told, and the first time; nowhere where nothing has changed.
        """

    @abstractmethod
    def close(self) -> None:
        """Wait no more. Can be called twice."""
