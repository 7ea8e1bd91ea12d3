"""The keys that events are sealed under, one for each retention class and day, and what a place that keeps them does.

They lie apart from the records: where a key is deleted, what it sealed is unreadable everywhere, in copies of the
database too.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple


class DataKey(NamedTuple):
    """A key as it is kept: wrapped, or deleted."""

    id: bytes
    """Eight random bytes."""
    retention_class: str
    """Of all that it seals: see `retention.classes`."""
    day: str
    """The only one on which it seals, `2026-03-01` (UTC)."""
    after: int
    """All that it seals has a higher position in the record."""
    wrapped: bytes
    """Empty once it is deleted."""
    expired: str = ""
    """When it was deleted, as `Event.time`; empty while it lives."""
    mac: bytes = b""
    """Over the deletion: who has the databases alone cannot make it up."""
    kept: int = 0
    """Of how many records the key was kept when it was deleted (`KeptKey`): none of these can be taken away unseen."""


class KeptKey(NamedTuple):
    """The key of one record that is kept when the one of its class and day is deleted: it is under a hold."""

    key_id: bytes
    nonce: bytes
    event_id: str
    wrapped: bytes
    """Empty once the hold was lifted, and it is deleted."""
    mac: bytes = b""
    """Over the deletion, as that of a data key."""


class KeyStore(ABC):
    """Keeps data keys. For any thread, and several processes. All methods raise `StorageError` where they cannot."""

    def check_in_place(self) -> None:
        """See that what is kept here is where others look for it. Takes a microsecond where it is."""
        return

    @abstractmethod
    def add(self, key: DataKey) -> None:
        """Keep a new key, so that it would survive a power cut."""

    @abstractmethod
    def get(self, id: bytes) -> DataKey | None:
        """The key, or what is left of it; None where there never was one."""

    @abstractmethod
    def kept(self, id: bytes, nonce: bytes) -> KeptKey | None:
        """The key of one record, or what is left of it; None where none was kept."""

    @abstractmethod
    def all(self) -> list[DataKey]:
        """All keys, and what is left of deleted ones, by day."""

    @abstractmethod
    def of_day(self, day: str) -> list[DataKey]:
        """Those that seal on a day."""

    @abstractmethod
    def all_kept(self) -> list[KeptKey]:
        """All keys of single records, and what is left of deleted ones."""

    @abstractmethod
    def kept_of(self, id: bytes) -> list[KeptKey]:
        """Those that were kept when this data key was deleted."""

    @abstractmethod
    def shred(self, deleted: Sequence[DataKey], kept: Sequence[KeptKey]) -> None:
        """Put what is left in the place of keys, and keep those of single records: both, or nothing."""

    @abstractmethod
    def shred_kept(self, kept: Sequence[KeptKey]) -> None:
        """Put what is left in the place of keys of single records."""
