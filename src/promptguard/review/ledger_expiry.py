"""Takes entries out of the ledger whose time is over, so that it stays verifiable.

Entries are deleted, hash and all, so that nothing can be guessed by it. Of each run of deleted ones a sealed row stays
that says from where to where it goes, and which hash the next entry continues (`ledger_verification.Gap`): whoever has
the database alone cannot take out entries that way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import batched
from typing import Any, Final

import orjson
from sqlalchemy import Connection, delete, func, insert, select

from promptguard.audit.chain import Chain, record_hash
from promptguard.audit.interface import Record
from promptguard.errors import PromptGuardError
from promptguard.review.database import ReviewDatabase
from promptguard.review.ledger_verification import BATCH, Gap, record_of
from promptguard.review.tables import ledger, ledger_gap


class LedgerExpiry:
    """For one process at a time."""

    def __init__(self, database: ReviewDatabase, chain: Chain) -> None:
        self._database = database
        self._chain = chain

    def due(self, before: str, stays: Callable[[str, str], bool]) -> list[int]:
        """The sequences of entries that are to go: those older than a time. The last of all stays: the next follows it.

        Args:
            before: as `Event.time`.
            stays: whether an entry stays, by its act and what it was done to.
        """
        return [row.sequence for row in self._old(before) if not stays(row.act, _object(row.event))]

    def carry_out(self, sequences: Sequence[int], before: str) -> None:
        """Delete entries, as `due` found them.

        Raises:
            PromptGuardError: one was changed: whoever moves its time back has not made it be over.
            StorageError: the database cannot be written; what is left is due the next time.
        """
        for some in batched(sequences, BATCH):
            with self._database.writing() as connection:
                for first, last in _runs(some):
                    self._take_out(connection, first, last, before)
        if sequences:
            self._database.deleted()

    def _old(self, before: str) -> Iterator[Any]:
        after = 0
        columns = (ledger.c.sequence, ledger.c.act, ledger.c.event)
        while True:
            with self._database.reading() as connection:
                end = connection.scalar(select(func.max(ledger.c.sequence))) or 0
                wanted = (ledger.c.sequence > after) & (ledger.c.sequence < end) & (ledger.c.time < before)
                statement = select(*columns).where(wanted).order_by(ledger.c.sequence).limit(BATCH)
                rows = connection.execute(statement).all()
            yield from rows
            if not rows:
                return
            after = rows[-1].sequence

    def _take_out(self, connection: Connection, first: int, last: int, before: str) -> None:
        """Delete a run, and join it with the runs on both sides of it."""
        run = select(ledger).where(ledger.c.sequence.between(first, last)).order_by(ledger.c.sequence)
        records = [record_of(row) for row in connection.execute(run)]
        whole = [record.sequence for record in records] == list(range(first, last + 1))
        if not whole or not all(self._is_over(record, before) for record in records):
            raise PromptGuardError(_CHANGED)
        hash = records[-1].hash
        connection.execute(delete(ledger).where(ledger.c.sequence.between(first, last)))
        beside = (ledger_gap.c.last == first - 1) | (ledger_gap.c.first == last + 1)
        for row in connection.execute(select(ledger_gap).where(beside)).all():
            gap = Gap(*row)
            if not gap.is_genuine(self._chain):
                raise PromptGuardError(_CHANGED)
            if gap.last < first:
                first = gap.first
            else:
                last, hash = gap.last, gap.hash
        connection.execute(delete(ledger_gap).where(beside))
        joined = Gap.sealed(self._chain, first, last, hash)
        values = {"first": joined.first, "last": joined.last, "hash": joined.hash, "mac": joined.mac}
        connection.execute(insert(ledger_gap).values(values))

    def _is_over(self, record: Record, before: str) -> bool:
        """Whether it is as it was written, and older."""
        return (
            self._chain.is_genuine_record(record)
            and record_hash(record.previous_hash, record.event) == record.hash
            and record.time < before
        )


_CHANGED: Final = "The ledger is not as it was left, and nothing of it expires: see `promptguard console verify`."


def _runs(sequences: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = last = sequences[0]
    for each in sequences[1:]:
        if each != last + 1:
            yield first, last
            first = each
        last = each
    yield first, last


def _object(event: bytes) -> str:
    try:
        return str(orjson.loads(event)["object"])
    except (ValueError, KeyError, TypeError):
        return ""
