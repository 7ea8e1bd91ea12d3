"""Opens incidents by rule: reads the record as it grows, and opens, or adds to, what `opened_by` says."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from promptguard.audit.events import timestamp
from promptguard.audit.interface import Record, Store
from promptguard.audit.record import parsed
from promptguard.model import Action, Position
from promptguard.review.incident_tables import incident, incident_mark
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import IncidentSource
from promptguard.review.incidents.kinds import IncidentKind, OpenedBy
from promptguard.review.inserting import insert_or_leave
from promptguard.review.tables import fact

BATCH = 500
"""Records that are looked at in one go."""

MAX_AGE_SECONDS = 24 * 3600
"""Where nobody knows what was looked at before, older decisions open nothing: the database of reviewing is new."""

CLAIM_SECONDS = 120
"""So long another console waits for one that may have ended."""

_CURSOR = "incident_cursor"
"""Position and id of the last record that was looked at."""

_CLAIM = "incident_claim"
"""Until when one console has the looking, in seconds since 1970; empty for nobody."""

_SENT = frozenset({Action.ALLOW, Action.NOTIFY})
_FORWARDED = _SENT | {Action.REDACT}

type Members = Mapping[str, Any]


class IncidentOpener:
    """Looks at each decision once, whichever of several consoles does. For one thread at a time.

    A console that ends between taking decisions and opening their incidents opens those when it looks again: decisions
    are taken once their incidents are open, and one that has an incident of a kind gets no other.
    """

    def __init__(self, store: Store, book: IncidentBook) -> None:
        self._store = store
        self._database = book.database
        self._book = book
        self._openings = list(book.file.openings())
        with self._database.writing() as connection:
            insert_or_leave(connection, fact, [{"name": name, "value": ""} for name in (_CURSOR, _CLAIM)])

    def take_up(self) -> int:
        """Look at the next decisions, and say how many there were; 0 where all were looked at, or another does.

        Raises:
            PromptGuardError: something cannot be read or written; what is left is looked at the next time.
        """
        if not self._openings:
            self._set(_CURSOR, "")
            return 0
        if not self._next():
            return 0
        claim = self._claim()
        if not claim:
            return 0
        try:
            records = self._next()  # another console may have come before
            for record in records:
                self._look(record)
            if records:
                self._set(_CURSOR, f"{records[-1].position} {records[-1].event_id}")
        finally:
            self._replace(_CLAIM, claim, "")
        return len(records)

    def _next(self) -> list[Record]:
        position, _, event_id = self._fact(_CURSOR).partition(" ")
        if position:
            at = next(self._store.records(after=int(position) - 1), None)
            if at is not None and (at.position, at.event_id) == (int(position), event_id):
                return list(islice(self._store.records(after=int(position)), BATCH))
        last = self._store.last(1)
        since = timestamp(datetime.fromtimestamp(self._book.now() - MAX_AGE_SECONDS, UTC))
        recent = list(islice(self._store.records(since=since), BATCH))
        if last and not recent:  # all is old: from here on, that is not looked for again
            self._set(_CURSOR, f"{last[-1].position} {last[-1].event_id}")
        return recent

    def _look(self, record: Record) -> None:
        try:
            event = parsed(record.event)
        except ValueError:  # damaged: `audit verify` tells of it
            return
        for kind, opening in self._openings:
            fit = fitting(opening, event)
            if fit is not None:
                self._open(kind, opening, record, event, fit)

    def _open(self, kind: IncidentKind, opening: OpenedBy, record: Record, event: Members, fit: _Found) -> None:
        """Open an incident, or add to the one that the decision belongs to."""
        if any(each.kind_id == kind.id for each in self._book.shelf.of_decision(record.event_id)):
            return
        marks = _marks(opening, event, fit)
        if known := self._known(kind, opening, marks):
            self._book.add(known, [record.event_id], None, marks=marks)
        elif known := self._of_too_many(opening):
            self._book.add(known, [record.event_id], None)
        else:
            self._book.open(
                kind.id,
                [record.event_id],
                None,
                "",
                opening.outcome == "exposed",
                source=IncidentSource.RULE,
                began=int(datetime.fromisoformat(record.time).timestamp()),
                rule=opening.id,
                marks=marks,
            )

    def _known(self, kind: IncidentKind, opening: OpenedBy, marks: Collection[str]) -> str | None:
        """The open incident of the same kind and outcome that the decision belongs to."""
        same = (incident.c.kind == kind.id) & (incident.c.exposed == int(opening.outcome == "exposed"))
        marked = incident.c.id.in_(select(incident_mark.c.incident).where(incident_mark.c.mark.in_(marks)))
        return self._latest(same & marked)

    def _of_too_many(self, opening: OpenedBy) -> str | None:
        """The last open incident of an entry that has opened as many as it may in an hour."""
        same = incident.c.rule == opening.id
        lately = same & (incident.c.opened > self._book.now() - 3600)
        with self._database.reading() as connection:
            count = connection.scalar(select(func.count()).select_from(incident).where(lately)) or 0
        return self._latest(same) if count >= self._book.file.most_per_hour else None

    def _latest(self, wanted: ColumnElement[bool]) -> str | None:
        newest = (incident.c.opened.desc(), incident.c.id.desc())
        statement = select(incident.c.id).where(wanted, incident.c.closed.is_(None)).order_by(*newest)
        with self._database.reading() as connection:
            return connection.scalar(statement.limit(1))

    def _claim(self) -> str:
        """What this console may look by, for `CLAIM_SECONDS` or until it lets go; empty where another does."""
        known, now = self._fact(_CLAIM), self._book.now()
        if known and now < int(known.partition(" ")[0]) <= now + CLAIM_SECONDS:
            return ""
        claim = f"{now + CLAIM_SECONDS} {secrets.token_hex(8)}"
        return claim if self._replace(_CLAIM, known, claim) else ""

    def _fact(self, name: str) -> str:
        with self._database.reading() as connection:
            return connection.scalar(select(fact.c.value).where(fact.c.name == name)) or ""

    def _set(self, name: str, value: str) -> None:
        known = self._fact(name)
        if known != value:
            self._replace(name, known, value)

    def _replace(self, name: str, known: str, value: str) -> bool:
        """Whether it was what is known, and is replaced now."""
        mine = update(fact).where(fact.c.name == name, fact.c.value == known).values(value=value)
        with self._database.writing() as connection:
            return connection.execute(mine).rowcount == 1


@dataclass(frozen=True, slots=True)
class _Found:
    """What of a decision fits an entry: fingerprints of findings, none where it asks for none."""

    fingerprints: frozenset[str] = frozenset()


def fitting(opening: OpenedBy, event: Members) -> _Found | None:
    """What of a decision fits an entry of `opened_by`; None where it does not."""
    wanted = (
        (opening.actions, "action"),
        (opening.rules, "rule"),
        (opening.destinations, "destination"),
        (opening.status, "destination_status"),
        (opening.purpose, "purpose"),
        (opening.inspection, "inspection"),
    )
    if any(values and event.get(member) not in values for values, member in wanted):
        return None
    if event.get("would") and not opening.tried_out:
        return None
    findings = [each for each in event.get("findings", ()) if _fits(opening, each)] if opening.about_findings else []
    if opening.about_findings and not findings:
        return None
    if ("exposed" if _left(event, findings) else "prevented") != opening.outcome:
        return None
    return _Found(frozenset(str(each.get("fingerprint", "")) for each in findings))


def has_left(event: Members) -> bool:
    """Whether something that was found in a request was sent as it is, or, where nothing was found, the request."""
    return _left(event, event.get("findings", ()))


def _left(event: Members, findings: Sequence[Members]) -> bool:
    if not findings:
        return event.get("action") in _FORWARDED
    return event.get("action") in _FORWARDED and any(each.get("action") in _SENT for each in findings)


def _fits(opening: OpenedBy, finding: Members) -> bool:
    classes, types = opening.data_classes, opening.entity_types
    fits = (not classes or finding.get("data_class") in classes) and (not types or finding.get("entity_type") in types)
    return fits and finding.get("position") != Position.HISTORY


def _marks(opening: OpenedBy, event: Members, fit: _Found) -> set[str]:
    """By what further decisions are known to belong to the same incident."""
    same = {f"prompt {event['incident']}"} if event.get("incident") else set()
    if not fit.fingerprints:
        return same | {f"service {event.get('destination', '')} {opening.id}"}
    return same | {f"found {each}" for each in fit.fingerprints if each}
