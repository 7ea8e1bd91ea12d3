"""Finding decisions: by time, action, service, rule, kind of data, page by page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields

import orjson
from sqlalchemy import Connection, RowMapping, func, select, union_all

from promptguard.review.criteria import Criterion, Listed, Named, NamedOneOf, Noteworthy, Place, Span
from promptguard.review.database import ReviewDatabase
from promptguard.review.finding import newest_of, taken_up_since
from promptguard.review.growing import sizes
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
        span = Span(wanted.since, wanted.until, before)
        with self._database.reading() as connection:
            criteria = _criteria(connection, wanted, unlisted)
            if after is not None:
                rows = taken_up_since(connection, criteria, span, after, size, together=together)
            else:
                rows = newest_of(connection, criteria, span, size, together=together)
            return [_row(row) for row in rows]

    def all(self, wanted: Filter) -> Iterator[Row]:
        """All decisions that are wanted, the newest first, read page by page."""
        before: Place | None = None
        for size in sizes(1000):
            page = self.page(wanted, before=before, size=size)
            if not page:
                return
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
        of_kinds = (
            select(term).where(term.c.kind == kind).order_by(term.c.name).limit(MAX_TERMS).subquery() for kind in KINDS
        )
        with self._database.reading() as connection:
            for kind, name in connection.execute(union_all(*map(select, of_kinds))):
                found[kind].append(name)
        found = {kind: sorted(names) for kind, names in found.items()}
        found["rule"] = [rule for rule in found["rule"] if rule not in unlisted]
        return found


_COLUMNS = tuple(member.name for member in fields(Row))


def _row(row: RowMapping) -> Row:
    values = {name: row[name] for name in _COLUMNS}
    return Row(**{**values, "summary": orjson.loads(values["summary"])})


def _criteria(connection: Connection, wanted: Filter, unlisted: Collection[str]) -> list[Criterion]:
    """What is asked for; the likely rarest first."""
    found: list[Criterion] = []
    if wanted.incident:
        found.append(Named({"incident": wanted.incident}))
    if wanted.text:
        found.append(_words(connection, wanted.text, unlisted))
    for table, column, value in (
        (decision_entity, "entity_type", wanted.entity),
        (decision_class, "data_class", wanted.data_class),
        (decision_group, "group_name", wanted.group),
    ):
        if value:
            found.append(Listed(table, column, value))
    action = {"action": wanted.action} if wanted.action else {}
    for column, value in (("rule", wanted.rule), ("destination", wanted.destination)):
        if value:
            found.append(Named({column: value, **action}))
    if action and not (wanted.rule or wanted.destination):
        found.append(Named(action))
    if wanted.inspection:
        found.append(Named({"inspection": wanted.inspection}))
    if wanted.found:
        found.append(Noteworthy())
    return found


def _words(connection: Connection, text: str, unlisted: Collection[str]) -> NamedOneOf:
    """The names are few: they are looked through, not the decisions."""
    matching = term.c.kind.in_(("destination", "rule")), term.c.name.icontains(text, autoescape=True)
    found = connection.execute(select(term.c.kind, term.c.name).where(*matching)).all()
    return NamedOneOf(
        [name for kind, name in found if kind == "destination"],
        [name for kind, name in found if kind == "rule" and name not in unlisted],
    )
