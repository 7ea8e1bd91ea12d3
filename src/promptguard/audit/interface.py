"""What the audit record is made of, and what a place that keeps it has to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from promptguard.errors import PromptGuardError


class RecordingFailed(PromptGuardError):
    """A decision could not be recorded. The request it is about must not be forwarded."""


class StoreAway(RecordingFailed):
    """The store cannot be used just now; nothing is wrong with what is to be recorded."""


class ChainTaken(RecordingFailed):
    """Somebody else has continued the chain: it is not ours any more, and another one has to be taken."""


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
    """Counted from 1 in its chain, without gaps."""
    event_id: str
    time: str
    action: str
    event: bytes
    previous_hash: bytes
    hash: bytes
    mac: bytes
    chain: str
    """Which chain it belongs to: each process that records writes its own."""
    position: int = 0
    """Counts the records of all chains in the order in which they were committed, from 1; 0 until it is stored."""


class Head(NamedTuple):
    """Where a chain ends."""

    sequence: int
    """The last record's; 0 for an empty chain."""
    hash: bytes
    mac: bytes


class Checkpoint(NamedTuple):
    """What one writer saw of the ends of all chains."""

    chain: str
    """The writer's."""
    number: int
    """Counted from 1."""
    time: str
    """As `Event.time`."""
    heads: bytes
    """JSON: by chain, the sequence and the hash of its last record."""
    signature: bytes
    """Ed25519 (`checkpoint.Notary`)."""


class Spooled(NamedTuple):
    """What is kept on this machine until the store can be written again."""

    records: int
    since: float
    """When the first of it was recorded, in seconds since 1970."""
    fill: float
    """The part of its bound that is taken, up to 1: then nothing more is recorded."""


class Linker(Protocol):
    """Makes records of entries."""

    def extend(self, head: Head | None, entries: Sequence[Entry]) -> tuple[list[Record], Head]:
        """The records that continue the chain after `head` (None: there is no chain yet), and its new head.

        Raises:
            RecordingFailed: the head is not genuine.
        """

    def trust(self, head: Head) -> None:
        """Take note of a head that was committed: a chain that ends before it is refused from now on."""

    def entry(self, record: Record) -> Entry | None:
        """What a record was made of, to be recorded in another chain; None where its event has expired."""


class Writer(ABC):
    """Appends to one chain of a store, which no other writer takes meanwhile. For one thread at a time."""

    chain: str
    """The chain's id: lower-case letters, digits and hyphens, up to 64."""

    @abstractmethod
    def append(self, entries: Sequence[Entry], linker: Linker, *, durable: bool) -> Head:
        """Append in one transaction, which nobody else's can come between: all of the entries, or none.

        Args:
            durable: return only when the records would survive a power cut; else when they would survive the end of
                this process.

        Raises:
            RecordingFailed: nothing was appended.
        """

    def append_at_once(self, entries: Sequence[Entry], linker: Linker) -> Head | None:
        """Append as `append` does, not durably, in the tenth of a millisecond that an event loop can spare; None, and
        nothing is appended, where anything has to be waited for.

        Raises:
            RecordingFailed: nothing was appended.
        """
        return None

    @property
    def waiting(self) -> int:
        """Records that this writer keeps elsewhere, on this machine, until the store can be written again."""
        return 0

    @property
    def spooled(self) -> Spooled | None:
        """The same, for people; None where nothing waits. From any thread."""
        return None

    @property
    def astray(self) -> int:
        """Chains of this machine that others have continued, while records for them waited here."""
        return 0

    def adopt(self, linker: Linker) -> None:
        """Continue this chain with what waits of those, and is in none yet.

        Raises:
            StoreAway: it has to wait longer.
            RecordingFailed: it cannot be recorded, and is kept.
        """
        return

    def deliver(self) -> Head | None:
        """Bring some of what waits into the store, so that it would survive a power cut; in order, and each once.

        Returns:
            The chain's head.

        Raises:
            StoreAway: it has to wait longer.
            ChainTaken: the chain goes on elsewhere; what waits goes into the next one that is taken here.
            RecordingFailed: it cannot be delivered, and is kept.
        """
        return None

    @abstractmethod
    def settle(self) -> Head | None:
        """Make durable what was appended so far, and return its head; None for an empty chain.

        Raises:
            RecordingFailed: it could not be made durable.
        """

    @abstractmethod
    def note(self, text: str) -> None:
        """Keep a text about the chain, in place of the one before, so that it would survive a power cut.

        Raises:
            RecordingFailed: it was not kept.
        """

    def keep(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint in place of the chain's one before, so that it, and all that it saw, would survive a power
        cut. Only where several installations share the store.

        Raises:
            RecordingFailed: it was not kept.
        """
        raise RecordingFailed("Checkpoints are for stores of several installations.")

    @abstractmethod
    def close(self) -> None:
        """Leave the chain to the next one. Can be called twice."""


class Store(ABC):
    """Keeps the records of one installation, or of several: several chains, one for each process that records."""

    installation: str = ""
    """After what the chains that are begun here are named, where several installations share the store: its id, 12
    hexadecimal digits. Empty where there is but one, whose chains are numbered."""

    @abstractmethod
    def writer(self) -> Writer:
        """Take the first chain that nobody is writing, or begin one. It is let go with the end of the process too.

        Raises:
            RecordingFailed: no chain can be taken.
        """

    @abstractmethod
    def resume(self, chain: str) -> Writer | None:
        """Take this chain; None if somebody is writing it.

        Raises:
            RecordingFailed: it cannot be told.
        """

    @abstractmethod
    def head(self, chain: str) -> Head | None:
        """The head of a chain as it is stored, which nobody has checked; None for an empty chain."""

    def heads(self) -> dict[str, Head]:
        """The heads of all chains that have one, which nobody has checked."""
        return {chain: head for chain in self.chains() if (head := self.head(chain)) is not None}

    def checkpoints(self) -> list[Checkpoint]:
        """The last checkpoint of each chain that has one, which nobody has checked."""
        return []

    @abstractmethod
    def note(self, chain: str) -> str | None:
        """The text that is kept about a chain, which nobody has checked; None if there is none."""

    @abstractmethod
    def chains(self) -> list[str]:
        """The ids of all chains with a head, a record or a note, which nobody has checked, in order."""

    @abstractmethod
    def chain(self, chain: str, *, after: int | None = None) -> Iterator[Record]:
        """Records of one chain in the order of their sequence, read piece by piece.

        Args:
            after: only those with a higher sequence; all that there are if None.
        """

    @abstractmethod
    def records(
        self, *, after: int = 0, since: str | None = None, until: str | None = None, actions: Collection[str] = ()
    ) -> Iterator[Record]:
        """Decisions of all chains in the order of their position, read piece by piece; statements are left out.

        A record that is committed later has a higher position than all that could be read before: whoever remembers
        the last position misses none and reads none twice.

        Args:
            after: only those with a higher position.
            since, until: only those whose time (as in `Event.time`) is not before, and is before.
            actions: only those with one of these actions; all if empty.
        """

    def newest(self) -> int:
        """The highest position of all records; 0 if there is none."""
        raise NotImplementedError

    def statements(self) -> Iterator[Record]:
        """All statements (`statements`) of all chains, in the order of their position."""
        raise NotImplementedError

    def at(self, position: int) -> Record | None:
        """The record at a position, whatever it is; None if there is none."""
        raise NotImplementedError

    def outlines(self, after: int) -> Iterator[Record]:
        """All records with a higher position, with no more of their events than tells what they are sealed under."""
        raise NotImplementedError

    def replace_events(self, events: Mapping[int, bytes]) -> None:
        """Put what is left of expired events in their place, by position: all, or none.

        Raises:
            StorageError: nothing was changed.
        """
        raise NotImplementedError

    @abstractmethod
    def last(self, count: int) -> list[Record]:
        """The last `count` decisions, oldest first."""

    def all_of(self, event_id: str) -> list[Record]:
        """All records of one event: of one that was recorded again in another chain there are two."""
        raise NotImplementedError

    def has_expired(self, event_id: str) -> bool:
        """Whether a decision was recorded, and can be read no more because its time is over."""
        return False

    @abstractmethod
    def find(self, event_id: str) -> Record | None:
        """The record of one event."""
