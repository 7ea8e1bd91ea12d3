"""Sees that the ledger is whole: each entry as it was written, none missing but those that have expired."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import func, select

from promptguard.audit.chain import Chain, record_hash
from promptguard.audit.head_file import HeadFile
from promptguard.audit.interface import Record
from promptguard.review.database import ReviewDatabase
from promptguard.review.tables import ledger, ledger_gap

CHAIN: Final = "ledger"
BATCH: Final = 1_000
"""Entries read in one transaction."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of entries that have expired, and were deleted."""

    first: int
    last: int
    hash: bytes
    """Of the last one: the next entry continues it."""
    mac: bytes

    @classmethod
    def sealed(cls, chain: Chain, first: int, last: int, hash: bytes) -> Gap:
        """One as it is kept."""
        return cls(first, last, hash, chain.mac_of(_content(first, last, hash)))

    def is_genuine(self, chain: Chain) -> bool:
        """Whether it was written with the ledger's key."""
        try:
            return hmac.compare_digest(self.mac, chain.mac_of(_content(self.first, self.last, self.hash)))
        except (TypeError, ValueError):  # what comes of other types in the database
            return False


def _content(first: int, last: int, hash: bytes) -> bytes:
    return f"gap\n{first}\n{last}\n".encode() + hash


def number_of_expired(database: ReviewDatabase) -> int:
    """How many entries have expired."""
    with database.reading() as connection:
        return connection.scalar(select(func.sum(ledger_gap.c.last - ledger_gap.c.first + 1))) or 0


class LedgerVerification:
    """One walk along the ledger."""

    def __init__(self, database: ReviewDatabase, chain: Chain, head: HeadFile) -> None:
        self._database = database
        self._chain = chain
        self._head = head
        self._sequence = 0
        self._hash = chain.genesis

    def problem(self) -> str:
        """What is wrong with the ledger, as a sentence; empty if it is whole."""
        try:
            known = self._head.read()
        except (OSError, ValueError) as error:
            return f"The ledger's head beside the keys cannot be used: {error}."
        ours = False
        for record, gaps in self._records():
            ours = ours or self._is_ours(record)
            if record.sequence != self._sequence + 1:
                self._pass_over(gaps)
            if record.sequence != self._sequence + 1:
                return f"Entry {self._sequence + 1} of the ledger is missing."
            if not _continues(record, self._hash):
                return f"Entry {record.sequence} of the ledger was changed."
            if not self._chain.is_genuine_record(record):
                return f"Entry {record.sequence} of the ledger was not written with this installation's key."
            if known is not None and known.sequence == record.sequence and known.hash != record.hash:
                return f"Entry {record.sequence} of the ledger is not the one that was written."
            self._hash, self._sequence = record.hash, record.sequence
        if ours and known is None:
            return "The ledger's head beside the keys is gone."
        if known is not None and known.sequence > self._sequence:
            return f"The last {known.sequence - self._sequence} entries of the ledger are gone."
        return ""

    def _pass_over(self, gaps: Sequence[Gap]) -> None:
        """Go on behind a gap of ours that begins where we stand or, as it has grown meanwhile, before."""
        expected = self._sequence + 1
        gap = next((gap for gap in gaps if isinstance(gap.last, int) and gap.first <= expected <= gap.last), None)
        if gap is not None and gap.is_genuine(self._chain):
            self._sequence, self._hash = gap.last, gap.hash

    def _is_ours(self, record: Record) -> bool:
        """Whether this installation wrote it; of several, each keeps a head as of what it wrote itself."""
        return not self._database.installation or _installation(record.event) == self._database.installation

    def _records(self) -> Iterator[tuple[Record, Sequence[Gap]]]:
        """Entries in order, each with the gaps that there are about it."""
        after = 0
        while True:
            statement = select(ledger).where(ledger.c.sequence > after).order_by(ledger.c.sequence).limit(BATCH)
            with self._database.reading() as connection:
                rows = connection.execute(statement).all()
                end = rows[-1].sequence if rows else after
                beside = select(ledger_gap).where(ledger_gap.c.last > after, ledger_gap.c.first < end)
                gaps = [Gap(*row) for row in connection.execute(beside)]
            yield from ((record_of(row), gaps) for row in rows)
            if not rows:
                return
            after = rows[-1].sequence


def record_of(row: Any) -> Record:
    """A row of the ledger as a record of its chain."""
    return Record(
        row.sequence, row.account, row.time, row.act, row.event, row.previous_hash, row.hash, row.mac, chain=CHAIN
    )


def is_genuine(record: Record, chain: Chain) -> bool:
    """Whether an entry is what was written with the key, whatever stands before it."""
    return chain.is_genuine_record(record) and _continues(record, record.previous_hash)


def _continues(record: Record, previous: bytes) -> bool:
    """Whether a record is what was written behind `previous`. The database may hold other types than it should."""
    whole = isinstance(record.event, bytes) and record.previous_hash == previous
    return whole and record_hash(previous, record.event) == record.hash


def _installation(event: bytes) -> object:
    try:
        return orjson.loads(event).get("installation")
    except (ValueError, AttributeError):
        return None
