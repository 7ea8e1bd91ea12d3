"""Makes records unreadable whose time is over, and leaves the chains as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import batched
from typing import Any, Final

from promptguard.audit.found_later import decision_of
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Entry, Record, RecordDamaged, Store
from promptguard.audit.record import parsed
from promptguard.audit.retention.classes import Periods, retention_class
from promptguard.audit.retention.holds import Hold, holds
from promptguard.audit.retention.whole import check_whole
from promptguard.audit.sealing.envelope import emptied, header_of, is_plain
from promptguard.audit.sealing.interface import DataKey, KeptKey, KeyStore
from promptguard.audit.sealing.key_ring import KeyRing
from promptguard.audit.statements import StatementKind, is_statement, statement

BATCH: Final = 1_000
"""Records changed in one transaction."""

_AGAIN_DAYS: Final = 7
"""For how long after a key was deleted it is looked again for what it sealed, where a run was cut off."""

_OLDER_PROXIES: Final = timedelta(days=31)
"""For how long after the first key records may be added that are not sealed."""

_AFTER_DAYS: Final = 8
"""How many days after its own one what a key sealed is stored: it may have waited while the database was away."""


@dataclass(slots=True)
class Due:
    """What is to expire."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Records by retention class and day."""
    keys: list[DataKey] = field(default_factory=list)
    kept: list[KeptKey] = field(default_factory=list)
    """Of single records that are under a hold."""
    lifted: list[KeptKey] = field(default_factory=list)
    """Of single records that are so no more."""
    sealed: list[tuple[int, bytes]] = field(default_factory=list)
    """Position and header of what was sealed."""
    plain: list[Record] = field(default_factory=list)
    """Outlines of what was recorded before records were sealed."""
    held: int = 0
    """Records whose time is over and that are under a hold, or of an incident."""
    looked: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When it was begun to look: what was put under a hold later may have been missed."""
    periods: dict[str, int | None] = field(default_factory=dict)
    """Days, by the retention class of the keys that are to go."""

    @property
    def records(self) -> int:
        """How many records expire."""
        return self.counts.total()

    @property
    def positions(self) -> list[int]:
        """Of all that expire."""
        return [position for position, _ in self.sealed] + [record.position for record in self.plain]


@dataclass(frozen=True, slots=True)
class _Held:
    """What does not expire although its time is over."""

    holds: Sequence[Hold]
    decisions: Collection[str]

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.holds or self.decisions)

    def covers(self, record: Record, event: Callable[[], Mapping[str, Any]]) -> bool:
        """See `Hold.covers`."""
        return decision_of(record.event_id) in self.decisions or any(hold.covers(record, event) for hold in self.holds)


class Expiry:
    """One installation's expiry. For one process at a time."""

    def __init__(
        self,
        store: Store,
        key_store: KeyStore,
        key_ring: KeyRing,
        periods: Periods,
        audit_key: bytes,
        forget: Callable[[Sequence[int]], object] = lambda _: None,
        *,
        kept: Callable[[], Collection[str]] = tuple,
        pause: Callable[[], object] = lambda: None,
        head_files: HeadFiles | None = None,
    ) -> None:
        """Look at a record.

        Args:
            store: the record itself, not as its readers know it.
            audit_key: `Keys.audit`.
            forget: called with the positions of records before they expire and once more when they have, so that
                nothing remembers them.
            kept: the ids of decisions that stay without a hold, since they belong to an incident.
            pause: called after each `BATCH` of records that were looked at; what it raises ends the expiry.
            head_files: see `check_whole`.
        """
        self._store = store
        self._key_store = key_store
        self._key_ring = key_ring
        self._periods = periods
        self._audit_key = audit_key
        self._forget = forget
        self._kept = kept
        self._pause = pause
        self._head_files = head_files

    def due(self, today: date) -> Due:
        """What is to expire on a day (UTC). Reads much.

        Raises:
            RecordDamaged: a hold or a key was changed, or something is damaged that may be under a hold: nothing may
                expire.
            StorageError: a database cannot be read.
        """
        due = Due()
        active = _Held([hold for hold in holds(self._store, self._audit_key) if hold.is_on], frozenset(self._kept()))
        keys = self._key_store.all()
        for key in keys:
            self._key_ring.check(key)  # whoever moved its day back would have us delete it
        self._look_at_sealed(due, keys, active, today)
        self._look_at_plain(due, keys, active, today)
        self._look_at_kept(due, keys, active)
        if due.keys or due.plain or due.lifted:
            check_whole(self._store, self._audit_key, self._in_turns, self._head_files)
        due.periods = {key.retention_class: self._periods.days(key.retention_class) for key in due.keys}
        return due

    def carry_out(self, due: Due, by: str, state: Callable[[Entry], object], now: datetime | None = None) -> None:
        """Delete the keys of what is due, and what they sealed; first it is stated in the chain.

        Args:
            by: see `statement`.
            now: what is written down as the time of it; by default when it was begun to look.
            state: records a statement durably, or raises.

        Raises:
            PromptGuardError: it could not be done, or not all of it: what is left is due the next time.
        """
        moment = now or due.looked
        if due.records or due.keys:
            state(_stated(due, by, moment))
        for positions in batched(due.positions, BATCH):
            self._pause()
            self._forget(positions)
        if due.keys or due.kept:
            of_key = Counter(kept.key_id for kept in due.kept)
            self._key_store.shred([self._key_ring.deleted(key, moment, of_key[key.id]) for key in due.keys], due.kept)
        if due.lifted:
            self._key_store.shred_kept([self._key_ring.lifted(kept) for kept in due.lifted])
        self._key_ring.forget()
        for sealed in batched(due.sealed, BATCH):
            self._pause()
            self._store.replace_events({position: emptied(header) for position, header in sealed})
        for plain in batched(due.plain, BATCH):
            self._store.replace_events({record.position: self._key_ring.gone(record) for record in plain})
        for positions in batched(due.positions, BATCH):
            self._forget(positions)  # whoever read one just before may have taken it up just after

    def _look_at_sealed(self, due: Due, keys: Sequence[DataKey], active: _Held, today: date) -> None:
        again = (today - timedelta(days=_AGAIN_DAYS)).isoformat()
        due.keys = [key for key in keys if key.wrapped and self._periods.is_over(key.retention_class, key.day, today)]
        lately = (key for key in keys if not key.wrapped and key.expired >= again)
        looked_for = {key.id: key for key in (*due.keys, *lately)}
        for record in self._between(list(looked_for.values()), keys, to_the_end=active.any):
            header = header_of(record.event)
            if header is None or header.emptied or header.key_id not in looked_for:
                continue
            key = looked_for[header.key_id]
            if key.expired and (kept := self._key_store.kept(header.key_id, header.nonce)) and kept.wrapped:
                continue
            if key.wrapped and self._is_held(record, active):
                due.kept.append(self._key_ring.kept_key(header, record.event_id))
                due.held += 1
                continue
            due.sealed.append((record.position, record.event))
            due.counts[key.retention_class, key.day] += bool(key.wrapped)

    def _between(self, wanted: Sequence[DataKey], keys: Sequence[DataKey], *, to_the_end: bool) -> Iterator[Record]:
        """The outlines of records that keys may have sealed; `to_the_end` of all, however late they were stored."""
        if not wanted:
            return
        last = date.fromisoformat(max(key.day for key in wanted)) + timedelta(days=_AFTER_DAYS)
        later = () if to_the_end else (key.after for key in keys if key.day > last.isoformat() and key.after)
        until = min(later, default=None)
        for record in self._in_turns(self._store.outlines(min(key.after for key in wanted))):
            if until is not None and record.position > until:
                return
            yield record

    def _look_at_plain(self, due: Due, keys: Sequence[DataKey], active: _Held, today: date) -> None:
        """At what was recorded before there was a key."""
        # A key that was made while the database was away does not say after what.
        until = min((key.after for key in keys if key.after), default=self._store.newest())
        # Where machines are brought up to date one after the other, older proxies go on recording so for days.
        last = (
            date.fromisoformat(min((key.day for key in keys), default=today.isoformat())) + _OLDER_PROXIES
        ).isoformat()
        for outline in self._in_turns(self._store.outlines(0)):
            if outline.position > until and outline.time > last:
                return
            if not is_plain(outline.event) or is_statement(outline.action):
                continue
            if (record := self._store.at(outline.position)) is None:
                continue
            members = _members(record)
            name, day = retention_class(members), record.time[:10]
            if not self._periods.is_over(name, day, today):
                continue
            if active.covers(record, partial(_members, record)):
                due.held += 1
                continue
            due.plain.append(record._replace(event=b""))
            due.counts[name, day] += 1

    def _look_at_kept(self, due: Due, keys: Sequence[DataKey], active: _Held) -> None:
        """At what expired but for a hold."""
        by_id = {key.id: key for key in keys}
        for kept in self._key_store.all_kept():
            self._key_ring.check(kept)
            record = self._sealed_under(kept) if kept.wrapped else None
            if record is None or kept.key_id not in by_id:
                continue  # deleted already, or of a record that is not here: then its key harms nobody
            if self._is_held(record, active):
                due.held += 1
                continue
            due.lifted.append(kept)
            due.sealed.append((record.position, record.event))
            key = by_id[kept.key_id]
            due.counts[key.retention_class, key.day] += 1

    def _sealed_under(self, kept: KeptKey) -> Record | None:
        for record in self._store.all_of(kept.event_id):
            header = header_of(record.event)
            if header is not None and header[:2] == (kept.key_id, kept.nonce):
                return record
        return None

    def _is_held(self, record: Record, active: _Held) -> bool:
        return active.covers(record, lambda: self._event_of(record))

    def _in_turns(self, records: Iterator[Record]) -> Iterator[Record]:
        for number, record in enumerate(records, 1):
            yield record
            if not number % BATCH:
                self._pause()

    def _event_of(self, outline: Record) -> Mapping[str, Any]:
        record = self._store.at(outline.position)
        event = self._key_ring.opened(record.event) if record is not None else None
        if event is None:
            raise RecordDamaged("A record that may be under a hold cannot be read: nothing expires.")
        return parsed(event)


def _members(record: Record) -> Mapping[str, Any]:
    try:
        return parsed(record.event)
    except ValueError:
        return {"action": record.action}


def _stated(due: Due, by: str, moment: datetime) -> Entry:
    classes = [
        {"retention_class": name, "day": day, "records": count}
        for (name, day), count in sorted(due.counts.items())
        if count
    ]
    return statement(
        StatementKind.EXPIRED,
        by,
        moment,
        records=due.records,
        held=due.held,
        classes=classes,
        keys=[key.id.hex() for key in due.keys],
        periods=due.periods,
    )
