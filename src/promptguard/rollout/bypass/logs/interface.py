"""What a format of logs is: a way to read what machines have done out of a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from promptguard.rollout.bypass.observations import Observation


class LineFormat(ABC):
    """Reads a file line by line; one is made for each file, and may remember what stood before."""

    title: ClassVar[str]
    """What people know the log by."""

    @abstractmethod
    def read(self, line: str) -> Iterable[Observation] | None:
        """What a line says, without its line end; None for one that is not of this format.

        Raises:
            ValueError: the line is of this format, and is damaged.
        """

    def end(self) -> Iterable[Observation]:
        """What is left to say when there are no more lines."""
        return ()


class DatabaseFormat(ABC):
    """Reads a file that is a database."""

    title: ClassVar[str]

    @abstractmethod
    def owns(self, path: Path) -> bool:
        """Whether a file is of this format. Never fails."""

    @abstractmethod
    def read(self, path: Path) -> Iterator[Observation | None]:
        """What each row says; None for one that says nothing of interest.

        Raises:
            ValueError: the file is damaged; the message says how.
        """
