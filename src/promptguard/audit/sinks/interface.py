"""What a sink is: a place outside the installation to which recorded decisions are handed on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

from promptguard.audit.privacy import OutgoingRecord
from promptguard.errors import PromptGuardError
from promptguard.typed_yaml.fields import Section

NO_HASH: Final = bytes(32).hex()
"""The hash of a test event, which stands in no chain."""


class SinkFailed(PromptGuardError):
    """A sink did not take records. They are handed to it again later.

    Args:
        problem: the place and what happened there; no content.
        remedy: what would be right, where that can be told.
        retry_after: seconds after which the sink asks to be tried again; 0 where it does not say.
    """

    def __init__(self, problem: str, remedy: str = "", *, retry_after: float = 0.0) -> None:
        self.problem = problem
        self.remedy = remedy
        self.retry_after = retry_after
        super().__init__(f"{problem}\n  {remedy}" if remedy else problem)


class SinkSettings(Section):
    """What every sink's settings have. A subclass adds `kind`, a `Literal` of the sink's own."""

    kind: str


class Cursor(NamedTuple):
    """How far a sink has come."""

    position: int = 0
    """Of the last record that it has taken, in the order in which all chains were committed; 0 for none."""
    hash: str = ""
    """That record's, hexadecimal: another record at this position belongs to another database."""


class Sink[Settings: SinkSettings](ABC):
    """Takes records in order, each once it is committed and would survive a power cut. For one thread at a time."""

    settings: ClassVar[type[SinkSettings]]
    """The model of its settings."""

    def __init__(self, settings: Settings, data: Path) -> None:
        """Opens nothing yet: what is wrong shows, and is tried again, when records are delivered.

        Args:
            data: the data folder, where relative paths start.
        """
        self._settings = settings
        self._data = data

    def resume(self) -> str:
        """The hash of the last record that it has taken, hexadecimal, where the sink itself can tell after a restart.

        Raises:
            SinkFailed: it cannot be told now.
        """
        return ""

    @abstractmethod
    def deliver(self, records: Sequence[OutgoingRecord]) -> str:
        """Take some records; return when they are taken as surely as this kind of sink can know.

        Returns:
            What came back, in a few words for people.

        Raises:
            SinkFailed: they were not, or not all; the message names the place, and no content.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of connections. Delivering opens them again."""


type AnySink = Sink[Any]
