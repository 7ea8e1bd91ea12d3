"""Checks that a record is as it was written: nothing changed, moved, added, taken away or cut off."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from promptguard.audit.anchor import Anchor, opened
from promptguard.audit.chain import FIRST_CHAIN, Chain, is_chain_id, of_chain, record_hash
from promptguard.audit.checkpoint import Notary, known_checkpoints, marks_of
from promptguard.audit.head_file import HeadFile, HeadFiles
from promptguard.audit.head_keeper import loss_sentence
from promptguard.audit.interface import Head, Record, RecordDamaged, Store
from promptguard.audit.record import parsed
from promptguard.audit.retention.deletions import Deletions
from promptguard.audit.sealing.envelope import header_of
from promptguard.audit.sealing.key_ring import KeyRing
from promptguard.audit.statements import StatementKind
from promptguard.errors import StorageError


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
    """Records follow the head of the chain, or stand beside it."""
    CUT = "cut"
    """Records at the end are gone."""
    HEAD = "head"
    """The head of the chain, in the database or beside the keys, is missing, damaged or forged."""
    DELETED = "deleted"
    """Something was made unreadable that was not to go: before its time, under a hold, or by nobody knows whom."""
    OVERWRITTEN = "overwritten"
    """Somebody wrote into the database's files while it was in use."""
    UNREADABLE = "unreadable"
    """The database is damaged."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing that is wrong with a record."""

    sequence: int
    """The record at which it shows, in its chain."""
    kind: ProblemKind
    sentence: str
    chain: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a verification found."""

    ok: bool
    records: int
    """How many records were checked and found good, from the first on, in all chains that were looked at."""
    first_problem: Problem | None = None
    expired: int = 0
    """Of how many of them the content is gone because their time was over."""
    restored: tuple[str, ...] = ()
    """What the record says of each time that it was put back from a backup."""
    elsewhere: int = 0
    """Chains whose head is kept with other installations: what is cut off their ends is found out there."""

    @property
    def sentence(self) -> str:
        """The report for people."""
        if self.first_problem is None:
            return _untouched(self.records) + _gone(self.expired) + _told(self.elsewhere) + "".join(self.restored)
        return f"{self.first_problem.sentence} The {self.records} records before are as they were written."


def _untouched(records: int) -> str:
    if records < 2:
        return "The one record is as it was written." if records else "Nothing is recorded yet."
    return f"All {records} records are as they were written."


def _gone(expired: int) -> str:
    if not expired:
        return ""
    return f" Of {expired} that {'has' if expired == 1 else 'have'} expired, that is number, order, time and action."


def _restored(event: bytes) -> str:
    members = parsed(event)
    lost = "".join(
        f" Records {first} to {last}{of_chain(chain)}, which were there, are not in it."
        for chain, (first, last) in sorted(members.get("lost", {}).items())
    )
    return f" On {members['time']} {members['by']} put it back from a backup of {members['backup']}.{lost}"


def _told(elsewhere: int) -> str:
    if not elsewhere:
        return ""
    chains = "The head of one chain is" if elsewhere == 1 else f"The heads of {elsewhere} chains are"
    return f" {chains} kept elsewhere: verify on the machines that wrote them, too."


def verify(
    store: Store,
    audit_key: bytes,
    head_files: HeadFiles | None = None,
    key_ring: KeyRing | None = None,
    *,
    restoring: bool = False,
) -> VerifyReport:
    """Check all records of all chains, reading them as a stream; they may grow meanwhile.

    Args:
        audit_key: `Keys.audit`.
        head_files: the heads that are kept beside the keys. Without them, a cut end together with an older head, a
            chain that is gone, and an older copy of the whole database, are not found.
        key_ring: what opens sealed events, and tells which have expired. Without it they cannot be verified.
        restoring: whether it is an older state of a record: statements may be missing on what expired later.
    """
    records = expired = elsewhere = 0
    restored: list[str] = []
    try:
        marks, forged = marks_of(Notary(audit_key), known_checkpoints(store, head_files))
        if forged:
            return VerifyReport(False, 0, Problem(1, ProblemKind.FORGED, f"{forged[1].capitalize()}.", forged[0]))
        deletions = _deletions(store, audit_key, key_ring, restoring)
        for name in sorted({*(head_files.chains() if head_files else ()), *store.chains(), *marks}, key=str):
            if not is_chain_id(name):
                sentence = "Records stand in a chain that PromptGuard does not write."
                return VerifyReport(False, records, Problem(1, ProblemKind.ADDED, sentence, str(name)))
            head_file = head_files.of(name) if head_files and head_files.is_ours(name) else None
            elsewhere += head_files is not None and head_file is None
            verification = _Verification(store, Chain(audit_key, name), head_file, marks.get(name, {}), key_ring)
            verification.deletions = deletions
            problem = verification.problem()
            records += verification.checked
            expired += verification.expired
            restored += verification.restored
            if problem is not None:
                return VerifyReport(False, records, problem)
        if deletions is not None and (sentence := deletions.problem()):
            return VerifyReport(False, records, Problem(records + 1, ProblemKind.DELETED, sentence, FIRST_CHAIN))
    except StorageError as error:
        return VerifyReport(False, records, Problem(1, ProblemKind.UNREADABLE, error.problem, FIRST_CHAIN))
    if sentence := _overwritten(head_files):
        return VerifyReport(False, records, Problem(records + 1, ProblemKind.OVERWRITTEN, sentence, FIRST_CHAIN))
    return VerifyReport(True, records, expired=expired, restored=tuple(restored), elsewhere=elsewhere)


def _deletions(store: Store, audit_key: bytes, key_ring: KeyRing | None, restoring: bool) -> Deletions | None:
    """None where a statement was changed: which one, is told where its chain is walked."""
    if key_ring is None:
        return None
    with contextlib.suppress(RecordDamaged):
        return Deletions(store, audit_key, key_ring.store, restoring=restoring)
    return None


def _overwritten(head_files: HeadFiles | None) -> str:
    """What was noted of a database that was overwritten in place; empty if it never was."""
    try:
        time = head_files.overwritten_at() if head_files else None
    except OSError as error:
        return f"{head_files.overwritten if head_files else ''} cannot be read: {error.strerror}."
    if time is None:
        return ""
    return f"The database was overwritten while it was in use, which was found on {time}: what was lost cannot be told."


class _Stop(Exception):
    """Carries the first problem out of a verification."""

    def __init__(self, sequence: int, kind: ProblemKind, sentence: str) -> None:
        super().__init__(sentence)
        self.sequence = sequence
        self.kind = kind
        self.sentence = sentence


class _Verification:
    """Walks one chain."""

    def __init__(
        self,
        store: Store,
        chain: Chain,
        head_file: HeadFile | None,
        signed: Mapping[int, bytes] = MappingProxyType({}),
        key_ring: KeyRing | None = None,
    ) -> None:
        """`signed` has the hashes of records that checkpoints know of, by sequence."""
        self._key_ring = key_ring
        self.deletions: Deletions | None = None
        """By which it is seen whether what expired was to go."""
        self.expired = 0
        self.restored: list[str] = []
        self._store = store
        self._chain = chain
        self._head_file = head_file
        self._signed = signed
        self.checked = 0
        """The sequence of the last good record: they are counted from 1."""
        self._position = 0
        self._hash = chain.genesis

    def problem(self) -> Problem | None:
        """The first thing that is wrong with the chain."""
        try:
            self._run()
        except _Stop as stop:
            return Problem(stop.sequence, stop.kind, stop.sentence, self._chain.name)
        except StorageError as error:
            return Problem(self.checked + 1, ProblemKind.UNREADABLE, error.problem, self._chain.name)
        return None

    def _run(self) -> None:
        # In this order: what is recorded meanwhile may be behind the heads, never before them.
        anchor = self._known_anchor()
        known, file_problem = self._known_head()
        if not file_problem and known is not None and known.sequence < anchor.sequence:
            file_problem = f"{self._path} was put back to an earlier state: it had come to record {anchor.sequence}."
        head = self._store.head(self._chain.name)
        marks = {mark.sequence: mark for mark in (known, head) if mark is not None}
        bound = 0 if head is None else head.sequence
        for record in self._store.chain(self._chain.name):
            self._check(record)
            mark = marks.get(record.sequence)
            signed = self._signed.get(record.sequence, record.hash)
            if signed != record.hash or (mark is not None and mark.hash != record.hash):
                raise _Stop(
                    record.sequence, ProblemKind.FORGED, "Another record was known to stand here before this one."
                )
            if isinstance(bound, int) and record.sequence > bound:
                bound = self._newer_bound(record)
            self.checked, self._hash, self._position = record.sequence, record.hash, record.position
        self._check_heads(head, known, file_problem)
        self._check_signed()
        self._check_anchor(anchor)

    def _check_signed(self) -> None:
        last = max(self._signed, default=0)
        if last > self.checked:
            of = of_chain(self._chain.name)
            sentence = f"Records {self.checked + 1} to {last}{of} are gone: a signed checkpoint knows of them."
            raise _Stop(self.checked + 1, ProblemKind.CUT, sentence)

    def _check_anchor(self, anchor: Anchor) -> None:
        if anchor.sequence > self.checked:
            raise _Stop(self.checked + 1, ProblemKind.CUT, f"Records up to {anchor.sequence} are gone.")
        for loss in anchor.losses:
            assert self._head_file is not None
            raise _Stop(self.checked + 1, ProblemKind.HEAD, loss_sentence(self._head_file, loss))

    def _known_anchor(self) -> Anchor:
        if self._head_file is None:
            return Anchor()
        try:
            return opened(self._store.note(self._chain.name), self._chain)
        except ValueError as error:
            raise _Stop(1, ProblemKind.HEAD, f"{str(error).capitalize()}.") from None

    @property
    def _path(self) -> object:
        return self._head_file.path if self._head_file else ""

    def _known_head(self) -> tuple[Head | None, str]:
        if self._head_file is None:
            return None, ""
        try:
            head = self._head_file.read()
        except (ValueError, OSError) as error:
            return None, f"{self._head_file.path} is not usable: {error}."
        return head, "" if head else f"{self._head_file.path} is missing."

    @property
    def _head_named(self) -> str:
        return f"The head{of_chain(self._chain.name) or ' of the chain'} in the database"

    def _newer_bound(self, record: Record) -> int:
        """A record and the head after it come in one transaction: one beyond the head was not written by us."""
        head = self._store.head(self._chain.name)
        if head is None or not self._chain.is_genuine(head):
            raise _Stop(record.sequence, ProblemKind.HEAD, f"{self._head_named} is missing or was changed.")
        if head.sequence < record.sequence:
            raise _Stop(
                record.sequence,
                ProblemKind.ADDED,
                f"The chain ends at record {head.sequence}{of_chain(self._chain.name)}, but another one follows.",
            )
        return head.sequence

    def _check(self, record: Record) -> None:
        expected = self.checked + 1
        named = f"Record {expected}{of_chain(self._chain.name)}"
        if not isinstance(record.sequence, int) or record.sequence < expected:
            raise _Stop(expected, ProblemKind.ADDED, f"A record stands beside the chain, before {named.lower()}.")
        if record.sequence != expected:
            raise _Stop(expected, ProblemKind.MISSING, f"{named} is missing; {record.sequence} follows.")
        if record.previous_hash != self._hash:
            raise _Stop(expected, ProblemKind.MOVED, f"{named} does not continue the one before it.")
        event, expired = self._opened(record)
        if not expired and (not isinstance(event, bytes) or record_hash(self._hash, event) != record.hash):
            raise _Stop(expected, ProblemKind.CHANGED, f"{named} differs from what was written.")
        if not self._chain.is_genuine_record(record):
            raise _Stop(
                expected,
                ProblemKind.FORGED,
                f"{named}, or its id, time or action, was not written with this installation's key.",
            )
        if record.action == StatementKind.RESTORED and isinstance(event, bytes):
            self.restored.append(_restored(event))
        if record.position <= self._position:
            raise _Stop(expected, ProblemKind.MOVED, f"{named} was put before the one that it continues.")

    def _opened(self, record: Record) -> tuple[object, bool]:
        """The JSON of an event, and whether it is gone because its time is over; what is neither has been changed."""
        header = header_of(record.event)
        if header is None:
            expired = self._key_ring is not None and self._key_ring.is_gone(record)
            self.expired += expired
            return record.event, expired
        if self._key_ring is None:
            return None, False
        try:
            event = self._key_ring.opened(record.event)
            expired = event is None and self._key_ring.has_expired(header)
        except RecordDamaged as error:
            raise _Stop(self.checked + 1, ProblemKind.CHANGED, str(error)) from None
        self.expired += expired
        if expired and self.deletions and (problem := self.deletions.problem_of(record, header)):
            named = f"Record {self.checked + 1}{of_chain(self._chain.name)}"
            raise _Stop(self.checked + 1, ProblemKind.DELETED, f"{named} {problem}")
        return event, expired

    def _check_heads(self, head: Head | None, known: Head | None, file_problem: str) -> None:
        next_one, of = self.checked + 1, of_chain(self._chain.name)
        if known is not None and known.sequence > self.checked:
            raise _Stop(
                next_one,
                ProblemKind.CUT,
                f"Records {next_one} to {known.sequence}{of} are gone: the database was cut, or an older one put back.",
            )
        if head is not None:
            if not self._chain.is_genuine(head):
                raise _Stop(next_one, ProblemKind.HEAD, f"{self._head_named} has been changed.")
            if head.sequence > self.checked:
                raise _Stop(next_one, ProblemKind.CUT, f"Records {next_one} to {head.sequence}{of} are gone.")
        if file_problem and self.checked:
            raise _Stop(next_one, ProblemKind.HEAD, file_problem)
