"""Reads incidents: lists, one with its steps, its timeline and its pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, false, or_, select, tuple_

from promptguard.review.database import ReviewDatabase
from promptguard.review.incident_tables import (
    incident,
    incident_decision,
    incident_entry,
    incident_page,
    incident_step,
)
from promptguard.review.incidents.case import (
    Conclusion,
    IncidentCase,
    IncidentSource,
    SentPage,
    StepDone,
    TimelineEntry,
    Who,
)
from promptguard.review.incidents.kinds import IncidentsFile
from promptguard.review.tables import account

PAGE = 50
MAX_DECISIONS = 200
"""Decisions of one incident: further ones are left to the list of decisions."""

MAX_PAGED = 500
"""Incidents that people are paged about, of those that nobody has and of the others."""

type Before = tuple[int, str]
"""Where an incident stands in lists: when it was opened, and its id."""


class IncidentShelf:
    """The incidents that there are. For any thread."""

    def __init__(self, database: ReviewDatabase, file: IncidentsFile) -> None:
        self._database = database
        self._file = file

    def find(self, id: str) -> IncidentCase | None:
        """One by its id."""
        return next(iter(self._cases(incident.c.id == id, size=1)), None)

    def page(self, *, state: str = "", before: Before | None = None, size: int = PAGE) -> list[IncidentCase]:
        """Incidents, the newest first.

        Args:
            state: `open` or `closed`; all where it is empty.
            before: the next page: only what stands behind this place.
        """
        conditions: list[ColumnElement[bool]] = []
        if state in ("open", "closed"):
            conditions.append(incident.c.closed.is_(None) if state == "open" else incident.c.closed.is_not(None))
        if before is not None:
            conditions.append(tuple_(incident.c.opened, incident.c.id) < before)
        return self._cases(*conditions, size=size)

    def to_page(self) -> list[IncidentCase]:
        """Open ones about which people may have to be paged, the newest alone where there are very many.

        Those that nobody has taken on; and those that somebody has, before their deadline.
        """
        columns, is_open = incident.c, incident.c.closed.is_(None)
        in_time = (
            (columns.kind == kind.id) & (columns.acknowledged < columns.began + 60 * kind.deadline_min)
            for kind in self._file.kinds
        )
        return [
            *self._cases(is_open, columns.acknowledged.is_(None), size=MAX_PAGED),
            *self._cases(is_open, or_(false(), *in_time), size=MAX_PAGED),
        ]

    def of_decision(self, decision_id: str) -> list[IncidentCase]:
        """Those that are about a decision."""
        about = select(incident_decision.c.incident).where(incident_decision.c.decision_id == decision_id)
        return self._cases(incident.c.id.in_(about))

    def confirmed(self, closed_since: int) -> Iterator[IncidentCase]:
        """Closed ones in which something left, and of which whoever closed them said that it happened.

        Args:
            closed_since: seconds since 1970.
        """
        columns = incident.c
        happened = (columns.conclusion == str(Conclusion.CONFIRMED)) & (columns.exposed == 1)
        wanted = [happened, columns.closed >= closed_since]
        further: list[ColumnElement[bool]] = []
        while page := self._cases(*wanted, *further, size=PAGE):
            yield from page
            further = [tuple_(columns.opened, columns.id) < (page[-1].opened, page[-1].id)]

    def timeline(self, id: str) -> list[TimelineEntry]:
        """All that happened to one, in order."""
        statement = select(incident_entry).where(incident_entry.c.incident == id).order_by(incident_entry.c.number)
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
            who = _names(connection, {row.account for row in rows} | {row.about for row in rows})
        return [
            TimelineEntry(
                row.number,
                row.time,
                who.get(row.account, Who(row.account)),
                row.did,
                who[row.about].name if row.about in who and row.about else row.about,
                row.remark,
            )
            for row in rows
        ]

    def pages(self, id: str) -> list[SentPage]:
        """The pages about one, in order."""
        columns = incident_page.c
        statement = select(incident_page).where(columns.incident == id)
        order = statement.order_by(columns.round, columns.minute, columns.channel)
        with self._database.reading() as connection:
            rows = connection.execute(order).all()
        return [SentPage(each.round, each.minute, each.channel, each.tries, each.sent, each.problem) for each in rows]

    def _cases(self, *conditions: ColumnElement[bool], size: int = PAGE) -> list[IncidentCase]:
        order = (incident.c.opened.desc(), incident.c.id.desc())
        statement = select(incident).where(*conditions).order_by(*order).limit(size)
        with self._database.reading() as connection:
            rows = connection.execute(statement).mappings().all()
            ids = [row["id"] for row in rows]
            steps = connection.execute(select(incident_step).where(incident_step.c.incident.in_(ids))).all()
            about = connection.execute(select(incident_decision).where(incident_decision.c.incident.in_(ids))).all()
            accounts = {row[name] for row in rows for name in ("opened_by", "owner", "offered_to")}
            who = _names(connection, accounts | {step.account for step in steps})
        decisions: defaultdict[str, list[str]] = defaultdict(list)
        for each in about:
            decisions[each.incident].append(each.decision_id)
        done: defaultdict[str, dict[str, StepDone]] = defaultdict(dict)
        for step in steps:
            done[step.incident][step.step] = StepDone(step.done, who.get(step.account, Who(step.account)))
        return [self._case(row, who, decisions[row["id"]], done[row["id"]]) for row in rows]

    def _case(
        self, row: RowMapping, who: Mapping[str, Who], decisions: Sequence[str], done: Mapping[str, StepDone]
    ) -> IncidentCase:
        def somebody(column: str) -> Who:
            return who.get(row[column], Who(row[column]))

        return IncidentCase(
            id=row["id"],
            kind_id=row["kind"],
            kind=self._file.kind(row["kind"]),
            exposed=bool(row["exposed"]),
            what=row["what"],
            source=IncidentSource(row["source"]),
            rule=row["rule"],
            began=row["began"],
            opened=row["opened"],
            opened_by=somebody("opened_by"),
            owner=somebody("owner"),
            offered_to=somebody("offered_to"),
            acknowledged=row["acknowledged"],
            closed=row["closed"],
            reopened=row["reopened"],
            reason=row["reason"],
            conclusion=Conclusion(row["conclusion"]) if row["conclusion"] else None,
            round=row["round"],
            decisions=sorted(decisions),
            done=done,
        )


def _names(connection: Connection, ids: set[str]) -> dict[str, Who]:
    rows = connection.execute(select(account.c.id, account.c.name).where(account.c.id.in_(ids)))
    return {id: Who(id, name) for id, name in rows}
