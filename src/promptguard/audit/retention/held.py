"""What is under a legal hold, asked decision by decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from promptguard.audit.interface import Record, RecordDamaged, Store
from promptguard.audit.record import parsed
from promptguard.audit.retention.holds import Hold
from promptguard.audit.sealing.key_ring import KeyRing


class HeldDecisions:
    """By which holds decisions and incidents are held. Remembers what it was asked: for one look at all of them."""

    def __init__(self, holds: Sequence[Hold], store: Store, key_ring: KeyRing) -> None:
        """`store` is the record itself, not as its readers know it; of `holds` those count that are on."""
        self._holds = [hold for hold in holds if hold.is_on]
        self._store = store
        self._key_ring = key_ring
        self._known: dict[str, tuple[Hold, ...]] = {}

    def of_decision(self, id: str) -> tuple[Hold, ...]:
        """The holds that a decision is under.

        Raises:
            RecordDamaged: it may be under one, and cannot be read.
            StorageError: the record cannot be read.
        """
        if not self._holds:
            return ()
        if id not in self._known:
            records = self._store.all_of(id)
            self._known[id] = tuple(hold for hold in self._holds if self._covers(hold, id, records))
        return self._known[id]

    def of_incident(self, id: str) -> tuple[Hold, ...]:
        """The holds that an incident of the console's itself is under."""
        return tuple(hold for hold in self._holds if hold.case == id)

    def decision(self, id: str) -> bool:
        """Whether a decision is under any."""
        return bool(self.of_decision(id))

    def incident(self, id: str) -> bool:
        """Whether an incident is under any."""
        return bool(self.of_incident(id))

    def hold(self, id: str) -> bool:
        """Whether a hold is on."""
        return any(hold.id == id for hold in self._holds)

    def _covers(self, hold: Hold, id: str, records: Sequence[Record]) -> bool:
        return id in hold.decisions or any(hold.covers(each, partial(self._members, each)) for each in records)

    def _members(self, record: Record) -> Mapping[str, Any]:
        event = self._key_ring.opened(record.event)
        if event is None:
            return {}  # what has expired was under none of a service or an incident
        try:
            return parsed(event)
        except ValueError:
            raise RecordDamaged("A record that may be under a hold cannot be read: verify the audit record.") from None
