"""Sealed evidence in a database: the same in every kind of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from itertools import batched
from typing import Final

from sqlalchemy import delete, insert, select, update

from promptguard.evidence.interface import EvidenceStore
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.tables import evidence

_BATCH: Final = 500


class DatabaseEvidence(EvidenceStore):
    """See `EvidenceStore`.

    Args:
        now: seconds since 1970.
    """

    def __init__(self, database: OpenDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def add(self, decision_id: str, sealed: bytes, expires: int) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(evidence).values(event_id=decision_id, sealed=sealed, expires=expires))

    def find(self, decision_id: str) -> bytes | None:
        # What has expired is gone, whether it was deleted yet or not.
        there = (evidence.c.event_id == decision_id) & (evidence.c.expires > int(self._now()))
        with self._database.reading() as connection:
            return connection.scalar(select(evidence.c.sealed).where(there))

    def expiring(self, until: int) -> list[str]:
        statement = select(evidence.c.event_id).where(evidence.c.expires <= until).order_by(evidence.c.expires)
        with self._database.reading() as connection:
            return list(connection.scalars(statement))

    def postpone(self, decision_ids: Collection[str], expires: int) -> None:
        with self._database.writing() as connection:
            for each in decision_ids:
                connection.execute(update(evidence).where(evidence.c.event_id == each).values(expires=expires))

    def forget(self, decision_ids: Collection[str]) -> None:
        if not decision_ids:
            return
        with self._database.writing() as connection:
            for some in batched(decision_ids, _BATCH):
                connection.execute(delete(evidence).where(evidence.c.event_id.in_(some)))
        self._database.deleted()

    def forget_before(self, now: int) -> int:
        with self._database.writing() as connection:
            gone = connection.execute(delete(evidence).where(evidence.c.expires <= now)).rowcount
        if gone:
            self._database.deleted()
        return gone
