"""Checks that a record is as it was written: nothing changed, moved, added, taken away or cut off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from promptguard.audit.chain import GENESIS, Chain, record_hash
from promptguard.audit.head_file import HeadFile
from promptguard.audit.interface import Head, Record, Store
from promptguard.storage.errors import StorageError


class ProblemKind(StrEnum):
    """What may be wrong with a record."""

    CHANGED = "changed"
    """A record's content differs from what was written."""
    MISSING = "missing"
    """A record was taken away."""
    MOVED = "moved"
    """A record does not continue the one before it: it was put there, or moved."""
    FORGED = "forged"
    """A record was written without the key, or with another one."""
    ADDED = "added"
    """Records follow the head of the chain."""
    CUT = "cut"
    """Records at the end are gone."""
    HEAD = "head"
    """The head of the chain, in the database or beside the keys, is missing, damaged or forged."""
    UNREADABLE = "unreadable"
    """The database is damaged."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing that is wrong with a record."""

    sequence: int
    """The record at which it shows."""
    kind: ProblemKind
    sentence: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a verification found."""

    ok: bool
    records: int
    """How many records were checked and found good, from the first on."""
    first_problem: Problem | None = None

    @property
    def sentence(self) -> str:
        """The report for people."""
        if self.first_problem is None:
            return (
                f"All {self.records} records are as they were written." if self.records else "Nothing is recorded yet."
            )
        return f"{self.first_problem.sentence} The {self.records} records before are as they were written."


def verify(store: Store, audit_key: bytes, head_file: HeadFile | None = None) -> VerifyReport:
    """Check all records, reading them as a stream; they may grow meanwhile.

    Args:
        audit_key: `Keys.audit`.
        head_file: the head that is kept beside the keys. Without it, a cut end together with an older head, and an
            older copy of the whole database, are not found.
    """
    return _Verification(store, Chain(audit_key), head_file).report()


class _Stop(Exception):
    """Carries the first problem out of a verification."""

    def __init__(self, sequence: int, kind: ProblemKind, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = Problem(sequence, kind, sentence)


class _Verification:
    def __init__(self, store: Store, chain: Chain, head_file: HeadFile | None) -> None:
        self._store = store
        self._chain = chain
        self._head_file = head_file
        self._sequence = 0
        self._hash = GENESIS

    def report(self) -> VerifyReport:
        problem = None
        try:
            self._run()
        except _Stop as stop:
            problem = stop.problem
        except StorageError as error:
            problem = Problem(self._sequence + 1, ProblemKind.UNREADABLE, error.problem)
        return VerifyReport(ok=problem is None, records=self._sequence, first_problem=problem)

    def _run(self) -> None:
        # In this order: what is recorded meanwhile may be behind the heads, never before them.
        known, file_problem = self._known_head()
        head = self._store.head()
        marks = {mark.sequence: mark for mark in (known, head) if mark is not None}
        bound = 0 if head is None else head.sequence
        for record in self._store.records():
            self._check(record)
            mark = marks.get(record.sequence)
            if mark is not None and mark.hash != record.hash:
                raise _Stop(
                    record.sequence, ProblemKind.FORGED, "Another record was known to stand here before this one."
                )
            if isinstance(bound, int) and record.sequence > bound:
                bound = self._newer_bound(record)
            self._sequence, self._hash = record.sequence, record.hash
        self._check_heads(head, known, file_problem)

    def _known_head(self) -> tuple[Head | None, str]:
        if self._head_file is None:
            return None, ""
        try:
            head = self._head_file.read()
        except (ValueError, OSError) as error:
            return None, f"{self._head_file.path} is not usable: {error}."
        return head, "" if head else f"{self._head_file.path} is missing."

    def _newer_bound(self, record: Record) -> int:
        """A record and the head after it come in one transaction: one beyond the head was not written by us."""
        head = self._store.head()
        if head is None or not self._chain.is_genuine(head):
            raise _Stop(
                record.sequence, ProblemKind.HEAD, "The head of the chain in the database is missing or was changed."
            )
        if head.sequence < record.sequence:
            raise _Stop(
                record.sequence,
                ProblemKind.ADDED,
                f"The chain ends at record {head.sequence}, but another one follows.",
            )
        return head.sequence

    def _check(self, record: Record) -> None:
        expected = self._sequence + 1
        if record.sequence != expected:
            raise _Stop(expected, ProblemKind.MISSING, f"Record {expected} is missing; {record.sequence} follows.")
        if record.previous_hash != self._hash:
            raise _Stop(expected, ProblemKind.MOVED, f"Record {expected} does not continue the one before it.")
        if not isinstance(record.event, bytes) or record_hash(self._hash, record.event) != record.hash:
            raise _Stop(expected, ProblemKind.CHANGED, f"Record {expected} differs from what was written.")
        if not self._chain.is_genuine_record(record):
            raise _Stop(
                expected,
                ProblemKind.FORGED,
                f"Record {expected}, or its id, time or action, was not written with this installation's key.",
            )

    def _check_heads(self, head: Head | None, known: Head | None, file_problem: str) -> None:
        next_one = self._sequence + 1
        if known is not None and known.sequence > self._sequence:
            raise _Stop(
                next_one,
                ProblemKind.CUT,
                f"Records {next_one} to {known.sequence} are gone: the database was cut, or replaced by an older one.",
            )
        if head is not None:
            if not self._chain.is_genuine(head):
                raise _Stop(next_one, ProblemKind.HEAD, "The head of the chain in the database has been changed.")
            if head.sequence > self._sequence:
                raise _Stop(next_one, ProblemKind.CUT, f"Records {next_one} to {head.sequence} are gone.")
        if file_problem and self._sequence:
            raise _Stop(next_one, ProblemKind.HEAD, file_problem)
