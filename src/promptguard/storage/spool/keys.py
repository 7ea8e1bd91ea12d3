"""Keys that events are sealed under, made while their database is away: they wait with the records that need them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from promptguard.audit.sealing.interface import DataKey, KeptKey, KeyStore
from promptguard.errors import StorageAway


class WaitingKeys:
    """The keys of one process that the database does not have yet. Changed by the thread that records alone."""

    def __init__(self) -> None:
        self._keys: dict[bytes, DataKey] = {}
        self.spooling = False
        """Whether records are being spooled: only then may a key be made that is in no database."""

    def __iter__(self) -> Iterator[DataKey]:
        return iter(tuple(self._keys.values()))

    def add(self, key: DataKey) -> None:
        self._keys[key.id] = key

    def get(self, id: bytes) -> DataKey | None:
        return self._keys.get(id)

    def deliver(self, store: KeyStore) -> None:
        """Bring all into the database.

        Raises:
            StorageError: that is not possible now.
        """
        for key in tuple(self._keys.values()):
            if store.get(key.id) is None:
                store.add(key)
            del self._keys[key.id]


class SpooledKeys(KeyStore):
    """The keys in the database, and those that wait for it."""

    def __init__(self, open_store: Callable[[], KeyStore], waiting: WaitingKeys) -> None:
        """`open_store` opens those in the database, once it is there."""
        self._open = open_store
        self._opened: KeyStore | None = None
        self._waiting = waiting

    @property
    def _stored(self) -> KeyStore:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def add(self, key: DataKey) -> None:
        try:
            self._stored.add(key)
        except StorageAway:
            if not self._waiting.spooling:
                raise
            self._waiting.add(key)

    def get(self, id: bytes) -> DataKey | None:
        return self._waiting.get(id) or self._stored.get(id)

    def of_day(self, day: str) -> list[DataKey]:
        waiting = [key for key in self._waiting if key.day == day]
        try:
            return waiting + self._stored.of_day(day)
        except StorageAway:
            if not self._waiting.spooling:
                raise
            return waiting

    def deliver(self) -> None:
        """See `WaitingKeys.deliver`."""
        self._waiting.deliver(self._stored)

    def kept(self, id: bytes, nonce: bytes) -> KeptKey | None:
        return self._stored.kept(id, nonce)

    def all(self) -> list[DataKey]:
        return self._stored.all()

    def all_kept(self) -> list[KeptKey]:
        return self._stored.all_kept()

    def kept_of(self, id: bytes) -> list[KeptKey]:
        return self._stored.kept_of(id)

    def shred(self, deleted: Sequence[DataKey], kept: Sequence[KeptKey]) -> None:
        self._stored.shred(deleted, kept)

    def shred_kept(self, kept: Sequence[KeptKey]) -> None:
        self._stored.shred_kept(kept)


def plain(key: DataKey) -> list[object]:
    """A key as JSON has it."""
    return [key.id.hex(), key.retention_class, key.day, key.after, key.wrapped.hex()]


def of_plain(members: Sequence[str | int]) -> DataKey:
    """The key that `plain` wrote."""
    id, name, day, after, wrapped = members
    return DataKey(bytes.fromhex(str(id)), str(name), str(day), int(after), bytes.fromhex(str(wrapped)))
