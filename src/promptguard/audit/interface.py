"""What the audit record is made of, and what a place that keeps it has to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, Protocol

from promptguard.errors import PromptGuardError


class RecordingFailed(PromptGuardError):
    """A decision could not be recorded. The request it is about must not be forwarded."""


class RecordDamaged(PromptGuardError):
    """A stored record that is not one any more."""


class Entry(NamedTuple):
    """An event that is ready to be recorded."""

    event_id: str
    time: str
    action: str
    event: bytes
    """Canonical JSON (`record.canonical`)."""


class Record(NamedTuple):
    """An event that was recorded, with its place in the chain. Hashes and MACs have 32 bytes."""

    sequence: int
    """Counted from 1, without gaps."""
    event_id: str
    time: str
    action: str
    event: bytes
    previous_hash: bytes
    hash: bytes
    mac: bytes


class Head(NamedTuple):
    """Where a chain ends."""

    sequence: int
    """The last record's; 0 for an empty chain."""
    hash: bytes
    mac: bytes


class Linker(Protocol):
    """Makes records of entries."""

    def extend(self, head: Head | None, entries: Sequence[Entry]) -> tuple[list[Record], Head]:
        """The records that continue the chain after `head` (None: there is no chain yet), and its new head.

        Raises:
            RecordingFailed: the head is not genuine.
        """


class Store(ABC):
    """Keeps the records of one installation, in order. Several processes may append to the same records."""

    @abstractmethod
    def append(self, entries: Sequence[Entry], linker: Linker, *, durable: bool) -> Head:
        """Append in one transaction, which nobody else's can come between: all of the entries, or none.

        Args:
            durable: return only when the records would survive a power cut; else when they would survive the end of
                this process.

        Raises:
            RecordingFailed: nothing was appended.
        """

    @abstractmethod
    def settle(self) -> Head | None:
        """Make durable what was appended so far, and return its head; None for an empty chain.

        Raises:
            RecordingFailed: it could not be made durable.
        """

    @abstractmethod
    def head(self) -> Head | None:
        """The head as it is stored, which nobody has checked; None for an empty chain."""

    @abstractmethod
    def records(
        self, *, after: int = 0, since: str | None = None, until: str | None = None, actions: Collection[str] = ()
    ) -> Iterator[Record]:
        """Records in the order of their sequence, read piece by piece.

        Args:
            after: only those with a higher sequence.
            since, until: only those whose time (as in `Event.time`) is not before, and is before.
            actions: only those with one of these actions; all if empty.
        """

    @abstractmethod
    def last(self, count: int) -> list[Record]:
        """The last `count` records, oldest first."""

    @abstractmethod
    def find(self, event_id: str) -> Record | None:
        """The record of one event."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what appending holds. Reading goes on; appending would take it up again."""
