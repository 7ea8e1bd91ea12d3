"""The record as its readers know it: events are opened, and decisions that have expired are left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from promptguard.audit.interface import Checkpoint, Head, Record, RecordDamaged, Store, Writer
from promptguard.audit.sealing.envelope import header_of, mac_of_gone
from promptguard.audit.sealing.key_ring import KeyRing


class OpenedStore(Store):
    """For whoever reads decisions. Who writes or verifies chains takes the store itself."""

    def __init__(self, store: Store, load_ring: Callable[[], KeyRing]) -> None:
        """`load_ring` is called when the first sealed event is met; what it raises is passed on."""
        self._store = store
        self._load_ring = load_ring
        self._ring: KeyRing | None = None
        self.installation = store.installation

    def records(
        self, *, after: int = 0, since: str | None = None, until: str | None = None, actions: Collection[str] = ()
    ) -> Iterator[Record]:
        records = self._store.records(after=after, since=since, until=until, actions=actions)
        return (opened for record in records if (opened := self._opened(record)) is not None)

    def last(self, count: int) -> list[Record]:
        return [opened for record in self._store.last(count) if (opened := self._opened(record)) is not None]

    def find(self, event_id: str) -> Record | None:
        record = self._store.find(event_id)
        return None if record is None else self._opened(record)

    def statements(self) -> Iterator[Record]:
        return self._store.statements()

    def newest(self) -> int:
        return self._store.newest()

    def at(self, position: int) -> Record | None:
        """See `Store.at`; not opened."""
        return self._store.at(position)

    def has_expired(self, event_id: str) -> bool:
        """Whether a decision was recorded, and has expired."""
        record = self._store.find(event_id)
        return record is not None and self._opened(record) is None

    def head(self, chain: str) -> Head | None:
        return self._store.head(chain)

    def checkpoints(self) -> list[Checkpoint]:
        return self._store.checkpoints()

    def note(self, chain: str) -> str | None:
        return self._store.note(chain)

    def chains(self) -> list[str]:
        return self._store.chains()

    def chain(self, chain: str, *, after: int | None = None) -> Iterator[Record]:
        """See `Store.chain`; not opened."""
        return self._store.chain(chain, after=after)

    def writer(self) -> Writer:
        return self._store.writer()

    def resume(self, chain: str) -> Writer | None:
        return self._store.resume(chain)

    def _opened(self, record: Record) -> Record | None:
        """A record with its event; None where that has expired. A damaged one stays as it is: its readers say so."""
        header = header_of(record.event)
        if mac_of_gone(record.event) is not None or (header is not None and header.emptied):
            return None
        if header is None:
            return record
        if self._ring is None:
            self._ring = self._load_ring()
        try:
            event = self._ring.opened(record.event)
        except RecordDamaged:
            return record
        return None if event is None else record._replace(event=event)
