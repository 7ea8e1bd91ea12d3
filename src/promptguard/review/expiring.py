"""Deletes what the console kept long enough: incidents, what staff told, requests for evidence, entries of its ledger.

What is open stays, and so does what belongs to a decision or an incident under a legal hold. What is about to be
deleted is noted in the ledger first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, delete, select

from promptguard.audit.events import timestamp
from promptguard.audit.retention.held import HeldDecisions
from promptguard.review import incident_tables as incidents
from promptguard.review.database import ReviewDatabase
from promptguard.review.earlier_tables import earlier_request
from promptguard.review.inserting import insert_into
from promptguard.review.ledger import Act, Ledger
from promptguard.review.release_tables import release
from promptguard.review.sessions import LONGEST_SECONDS
from promptguard.review.sign_in_tables import known_device, used_ticket
from promptguard.review.staff_tables import staff_answer, staff_report
from promptguard.review.tables import fact, link, session

BATCH: Final = 500
"""Rows deleted in one transaction."""

_DAY: Final = 86_400
_DONE: Final = "expired_on"

_OF_AN_INCIDENT: Final = (
    incidents.incident_decision,
    incidents.incident_mark,
    incidents.incident_step,
    incidents.incident_entry,
    incidents.incident_page,
    earlier_request,
)

_SET_UP: Final = frozenset({Act.ACCOUNT_MADE, Act.ACCOUNT_CHANGED, Act.LINK_MADE})
"""What says who may not be the second person (`two_persons`)."""


@dataclass(frozen=True, slots=True)
class KeptDays:
    """For how many days things are kept once they are over; None is for good."""

    incidents: int | None = None
    reports: int | None = None
    evidence_requests: int | None = None
    ledger: int | None = None


@dataclass(slots=True)
class ReviewDue:
    """What is to go."""

    incidents: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    evidence_requests: list[str] = field(default_factory=list)
    ledger: list[int] = field(default_factory=list)
    """Sequences of entries."""
    held: int = 0
    """Incidents, reports and requests whose time is over and that are under a hold."""

    @property
    def counts(self) -> dict[str, int]:
        """How many, by what; only where there are any."""
        found = {name: len(getattr(self, name)) for name in ("incidents", "reports", "evidence_requests", "ledger")}
        return {name: count for name, count in found.items() if count}


class ReviewExpiry:
    """Of one installation's console. For one process at a time.

    Args:
        now: seconds since 1970.
    """

    def __init__(
        self, database: ReviewDatabase, ledger: Ledger, held: HeldDecisions, now: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._held = held
        self._now = now

    def due(self, days: KeptDays) -> ReviewDue:
        """What is to go by these periods.

        Raises:
            StorageError: a database cannot be read.
            RecordDamaged: it cannot be told what is held: nothing may go.
        """
        due = ReviewDue()
        if days.incidents is not None:
            due.incidents = [id for id in self._ids(_closed(self._before(days.incidents))) if self._goes(due, id)]
        if days.reports is not None:
            over = _settled(self._before(days.reports))
            due.reports = self._unheld(due, select(staff_report.c.id, staff_report.c.decision_id).where(over))
        if days.evidence_requests is not None:
            over = _answered(self._before(days.evidence_requests))
            due.evidence_requests = self._unheld(due, select(release.c.id, release.c.decision_id).where(over))
        if days.ledger is not None:
            left = frozenset(self._ids()) - frozenset(due.incidents)
            before = _text(self._before(days.ledger))
            due.ledger = self._ledger.expiry().due(before, lambda act, object: self._stays(act, object, left))
        return due

    def carry_out(self, due: ReviewDue, days: KeptDays, by: str) -> None:
        """Delete it, unless it was opened again meanwhile; and what of signing in holds no more.

        Raises:
            PromptGuardError: it could not be noted, or not all of it be done: what is left is due the next time.
        """
        if due.counts:
            told = {name: str(count) for name, count in due.counts.items()}
            self._ledger.note(Act.EXPIRED, name=by, detail=told)
        for some in batched(due.incidents, BATCH):
            with self._database.writing() as connection:
                _delete_incidents(connection, some, _closed(self._before(days.incidents or 0)))
        for some in batched(due.reports, BATCH):
            with self._database.writing() as connection:
                still = staff_report.c.id.in_(some) & _settled(self._before(days.reports or 0))
                gone = select(staff_report.c.id).where(still)
                connection.execute(delete(staff_answer).where(staff_answer.c.report.in_(gone)))
                connection.execute(delete(staff_report).where(still))
        for some in batched(due.evidence_requests, BATCH):
            with self._database.writing() as connection:
                connection.execute(delete(release).where(release.c.id.in_(some)))
        self._ledger.expiry().carry_out(due.ledger, _text(self._before(days.ledger or 0)))
        self._forget_signing_in()
        self._database.deleted()

    def _before(self, days: int) -> int:
        return int(self._now()) - days * _DAY

    def _ids(self, condition: ColumnElement[bool] | None = None) -> Sequence[str]:
        statement = select(incidents.incident.c.id)
        with self._database.reading() as connection:
            return connection.scalars(statement if condition is None else statement.where(condition)).all()

    def _goes(self, due: ReviewDue, id: str) -> bool:
        columns = incidents.incident_decision.c
        with self._database.reading() as connection:
            decisions = connection.scalars(select(columns.decision_id).where(columns.incident == id)).all()
        held = self._held.incident(id) or any(self._held.decision(each) for each in decisions)
        due.held += held
        return not held

    def _unheld(self, due: ReviewDue, statement: Select[tuple[str, str]]) -> list[str]:
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        going = [row.id for row in rows if not self._held.decision(row.decision_id)]
        due.held += len(rows) - len(going)
        return going

    def _stays(self, act: str, object: str, left: Collection[str]) -> bool:
        return (
            act in _SET_UP
            or object in left
            or (object.startswith("hold-") and self._held.hold(object))
            or (object.startswith("pg-") and self._held.decision(object))
        )

    def _forget_signing_in(self) -> None:
        now = int(self._now())
        with self._database.writing() as connection:
            connection.execute(delete(session).where(session.c.started < now - LONGEST_SECONDS))
            for table in (known_device, used_ticket, link):
                connection.execute(delete(table).where(table.c.expires < now))


def decisions_of_incidents(database: ReviewDatabase, *, still_open: bool = False) -> frozenset[str]:
    """The decisions that belong to an incident, or to one that is open: they do not expire before it."""
    columns = incidents.incident_decision.c
    statement = select(columns.decision_id)
    if still_open:
        opened = select(incidents.incident.c.id).where(incidents.incident.c.closed.is_(None))
        statement = statement.where(columns.incident.in_(opened))
    with database.reading() as connection:
        return frozenset(connection.scalars(statement))


def decisions_of_incident(database: ReviewDatabase, id: str) -> tuple[str, ...] | None:
    """The decisions that belong to an incident; None where there is none."""
    columns = incidents.incident_decision.c
    with database.reading() as connection:
        if connection.scalar(select(incidents.incident.c.id).where(incidents.incident.c.id == id)) is None:
            return None
        wanted = select(columns.decision_id).where(columns.incident == id).order_by(columns.decision_id)
        return tuple(connection.scalars(wanted))


def was_done(database: ReviewDatabase, what: str) -> bool:
    """Whether `note_done` was last told this."""
    with database.reading() as connection:
        return connection.scalar(select(fact.c.value).where(fact.c.name == _DONE)) == what


def note_done(database: ReviewDatabase, what: str) -> None:
    """Note that what was to expire has, so that no other machine, and no new start, looks for it once more."""
    with database.writing() as connection:
        statement = insert_into(connection, fact).values(name=_DONE, value=what)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": what}))


def _delete_incidents(connection: Connection, ids: Sequence[str], closed: ColumnElement[bool]) -> None:
    still = connection.scalars(
        select(incidents.incident.c.id).where(incidents.incident.c.id.in_(ids), closed).with_for_update()
    ).all()
    for table in _OF_AN_INCIDENT:
        connection.execute(delete(table).where(table.c.incident.in_(still)))
    connection.execute(delete(incidents.incident).where(incidents.incident.c.id.in_(still)))


def _closed(before: int) -> ColumnElement[bool]:
    return incidents.incident.c.closed < before


def _settled(before: int) -> ColumnElement[bool]:
    return (staff_report.c.outcome != "") & (staff_report.c.settled != "") & (staff_report.c.settled < _text(before))


def _answered(before: int) -> ColumnElement[bool]:
    over = (release.c.withdrawn != 0) | (release.c.answered != 0) | (release.c.lapses < before)
    return over & (release.c.asked < before) & (release.c.answered < before) & (release.c.ends < before)


def _text(moment: int) -> str:
    return timestamp(datetime.fromtimestamp(moment, UTC))
