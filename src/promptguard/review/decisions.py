"""Finding decisions: by time, action, service, rule, kind of data, page by page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import orjson
from sqlalchemy import ColumnElement, FromClause, Select, Table, exists, func, select, tuple_

from promptguard.review.database import ReviewDatabase
from promptguard.review.tables import decision, decision_class, decision_entity, decision_group, term

PAGE = 50
MAX_TERMS = 500
"""Names that a filter offers, at most."""

KINDS = ("destination", "rule", "class", "entity", "group", "inspection")
"""What can be filtered by, beside time and action."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which decisions are wanted; what is empty holds for all."""

    action: str = ""
    """One of `model.Action`; `found` and `not_inspected` are asked for by `only`."""
    destination: str = ""
    rule: str = ""
    data_class: str = ""
    entity: str = ""
    group: str = ""
    inspection: str = ""
    incident: str = ""
    since: str = ""
    """Not before: RFC 3339 in UTC, or the beginning of one, such as a date."""
    until: str = ""
    """Before."""
    text: str = ""
    """Stands in the rule's or the service's name, without regard to case."""
    found: bool = False
    """Only those in which something was found, or which were not inspected."""


type Place = tuple[str, int]
"""Where a decision stands in lists: its time and its position."""


@dataclass(frozen=True, slots=True)
class Row:
    """One decision in a list."""

    position: int
    id: str
    time: str
    action: str
    would: str
    inspection: str
    destination: str
    rule: str
    incident: str
    summary: Mapping[str, int] = field(hash=False)
    """How often each entity type was found."""

    @property
    def place(self) -> Place:
        """Where it stands in lists."""
        return (self.time, self.position)


class Decisions:
    """The decisions that were taken up. Can be used from any thread.

    Args:
        unlisted: rules that nobody can filter or search by (`rule_sizes`).
    """

    def __init__(self, database: ReviewDatabase, unlisted: Callable[[], Collection[str]] = frozenset) -> None:
        self._database = database
        self._unlisted = unlisted

    def page(
        self,
        wanted: Filter,
        *,
        before: Place | None = None,
        after: int | None = None,
        size: int = PAGE,
        together: bool = False,
    ) -> list[Row]:
        """Decisions, the newest first.

        Args:
            together: of those on the same prompt only the first that is wanted (`incident` of the record).
            before: only those that stand before this place: the next page.
            after: only those with a higher position: what was taken up since.
            size: how many at most.
        """
        unlisted = self._unlisted() if wanted.text or wanted.rule else ()
        if wanted.rule in unlisted:
            return []
        with self._database.reading() as connection:
            rows = connection.execute(_selected(wanted, unlisted, before, after, together=together).limit(size))
            return [_row(row) for row in rows]

    def all(self, wanted: Filter) -> Iterator[Row]:
        """All decisions that are wanted, the newest first, read page by page."""
        before: Place | None = None
        while page := self.page(wanted, before=before, size=1000):
            yield from page
            before = page[-1].place

    def on_the_same(self, rows: Iterable[Row]) -> dict[str, int]:
        """How many further decisions were on the prompts of these, by `Row.incident`; those without are left out."""
        incidents = {row.incident for row in rows if row.incident}
        if not incidents:
            return {}
        column = decision.c.incident
        statement = select(column, func.count()).where(column.in_(incidents)).group_by(column)
        with self._database.reading() as connection:
            return {incident: count - 1 for incident, count in connection.execute(statement) if count > 1}

    def newest(self) -> int:
        """The position of the last decision that was taken up; 0 for none."""
        with self._database.reading() as connection:
            statement = select(decision.c.position).order_by(decision.c.position.desc()).limit(1)
            return connection.scalar(statement) or 0

    def terms(self) -> dict[str, list[str]]:
        """What each kind of filter can be set to."""
        found: dict[str, list[str]] = {kind: [] for kind in KINDS}
        unlisted = self._unlisted()
        with self._database.reading() as connection:
            for kind in KINDS:
                statement = select(term.c.name).where(term.c.kind == kind).order_by(term.c.name).limit(MAX_TERMS)
                found[kind] = list(connection.scalars(statement))
        found["rule"] = [rule for rule in found["rule"] if rule not in unlisted]
        return found


_COLUMNS = tuple(decision.c[member.name] for member in fields(Row))


def _row(row: Sequence[Any]) -> Row:
    return Row(*(*row[:-1], orjson.loads(row[-1])))


def _selected(
    wanted: Filter, unlisted: Collection[str], before: Place | None, after: int | None, *, together: bool
) -> Select[Any]:
    """In the order of the table that the filter begins with: the database walks its index, and sorts nothing."""
    statement = select(*_COLUMNS).where(*_conditions(wanted, unlisted, decision))
    if together:
        statement = statement.where((decision.c.incident == "") | ~exists().where(*_earlier(wanted, unlisted)))
    first: Table = decision
    for table, name, value in _joined(wanted):
        condition = table.c[name] == value
        same = (table.c.time == decision.c.time) & (table.c.position == decision.c.position)
        if first is decision:
            first = table
            statement = statement.join(table, same).where(condition)
        else:
            statement = statement.where(exists().where(same, condition))
    columns = first.c
    if wanted.since:
        statement = statement.where(columns.time >= wanted.since)
    if wanted.until:
        statement = statement.where(columns.time < wanted.until)
    if before is not None:
        statement = statement.where(tuple_(columns.time, columns.position) < before)
    if after is not None:
        statement = statement.where(columns.position > after)
    return statement.order_by(columns.time.desc(), columns.position.desc())


def _earlier(wanted: Filter, unlisted: Collection[str]) -> Iterator[ColumnElement[bool]]:
    """That there is a decision on the same prompt, wanted too, that came before: looked up by the index of prompts."""
    earlier = decision.alias("earlier")
    yield earlier.c.incident == decision.c.incident
    yield tuple_(earlier.c.time, earlier.c.position) < tuple_(decision.c.time, decision.c.position)
    yield from _conditions(wanted, unlisted, earlier)
    for table, name, value in _joined(wanted):
        of_it = table.alias()
        same = (of_it.c.time == earlier.c.time) & (of_it.c.position == earlier.c.position)
        yield exists().where(same, of_it.c[name] == value)
    if wanted.since:
        yield earlier.c.time >= wanted.since
    if wanted.until:
        yield earlier.c.time < wanted.until


def _conditions(wanted: Filter, unlisted: Collection[str], of: FromClause) -> Iterator[ColumnElement[bool]]:
    columns = of.c
    for column, value in (
        (columns.action, wanted.action),
        (columns.destination, wanted.destination),
        (columns.rule, wanted.rule),
        (columns.inspection, wanted.inspection),
        (columns.incident, wanted.incident),
    ):
        if value:
            yield column == value
    if wanted.found:
        yield (columns.found > 0) | (columns.inspection != "inspected")
    if wanted.text:
        # The names are few: they are looked through, not the decisions.
        has = term.c.name.icontains(wanted.text, autoescape=True)
        destinations = select(term.c.name).where(term.c.kind == "destination", has)
        rules = select(term.c.name).where(term.c.kind == "rule", has, term.c.name.not_in(unlisted))
        yield columns.destination.in_(destinations) | columns.rule.in_(rules)


def _joined(wanted: Filter) -> Iterator[tuple[Table, str, str]]:
    """What stands in tables of its own, as table, column and value; the rarest first."""
    if wanted.entity:
        yield decision_entity, "entity_type", wanted.entity
    if wanted.data_class:
        yield decision_class, "data_class", wanted.data_class
    if wanted.group:
        yield decision_group, "group_name", wanted.group
