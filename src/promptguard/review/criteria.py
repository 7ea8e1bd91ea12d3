"""What decisions are asked for by, one class a kind of criterion: how its own index finds them, and how one is told.

Lists are in the order of time. Of several criteria the rarest finds candidates by its index, in that order and some at
a time, and the others are held against those: no list walks through a common thing for the sake of a rare one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, exists, false, select, true, tuple_, union

from promptguard.review.tables import decision, noteworthy

type Place = tuple[str, int]
"""Where a decision stands in lists: its time and its position."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the list of all decisions; what is empty does not bound it."""

    since: str = ""
    until: str = ""
    before: Place | None = None

    def bounds(self, columns: Any) -> list[ColumnElement[bool]]:
        """That a row with a time and a position lies in it."""
        found = []
        if self.since:
            found.append(columns.time >= self.since)
        if self.until:
            found.append(columns.time < self.until)
        if self.before is not None:
            found.append(tuple_(columns.time, columns.position) < self.before)
        return found


class Criterion(ABC):
    """One thing that is asked for."""

    @abstractmethod
    def places(self, span: Span, most: int) -> Select[Any]:
        """Time and position of the newest decisions, at most so many, from an index alone."""

    @abstractmethod
    def candidates(self, span: Span, most: int) -> Select[Any]:
        """The same decisions with all columns, in the order of the list."""

    @abstractmethod
    def holds(self, row: FromClause) -> ColumnElement[bool]:
        """Whether a decision, a row with all columns, is one of them."""


@dataclass(frozen=True, slots=True)
class Anything(Criterion):
    """All decisions."""

    def places(self, span: Span, most: int) -> Select[Any]:
        return _newest(select(decision.c.time, decision.c.position), decision, span, most)

    def candidates(self, span: Span, most: int) -> Select[Any]:
        return _newest(select(decision), decision, span, most)

    def holds(self, row: FromClause) -> ColumnElement[bool]:
        return true()


@dataclass(frozen=True, slots=True)
class Named(Criterion):
    """Decisions with these values in their own columns, for which there is one index."""

    values: Mapping[str, str] = field(hash=False)
    """By column."""

    def places(self, span: Span, most: int) -> Select[Any]:
        return _newest(
            select(decision.c.time, decision.c.position).where(self._is_named(decision)), decision, span, most
        )

    def candidates(self, span: Span, most: int) -> Select[Any]:
        return _newest(select(decision).where(self._is_named(decision)), decision, span, most)

    def holds(self, row: FromClause) -> ColumnElement[bool]:
        # Of an expression there is no index: a decision on a prompt is to be found by that of prompts, and SQLite may
        # take any that fits.
        return and_(*((row.c[column] + "") == value for column, value in self.values.items()))

    def _is_named(self, row: FromClause) -> ColumnElement[bool]:
        return and_(*(row.c[column] == value for column, value in self.values.items()))


@dataclass(frozen=True, slots=True)
class Noteworthy(Criterion):
    """Decisions in which something was found, or which were not inspected."""

    def places(self, span: Span, most: int) -> Select[Any]:
        return _newest(select(decision.c.time, decision.c.position).where(self.holds(decision)), decision, span, most)

    def candidates(self, span: Span, most: int) -> Select[Any]:
        return _newest(select(decision).where(self.holds(decision)), decision, span, most)

    def holds(self, row: FromClause) -> ColumnElement[bool]:
        return noteworthy(row)


@dataclass(frozen=True, slots=True)
class Listed(Criterion):
    """Decisions that stand in a table of their own under a value, in the order of time."""

    table: Table
    column: str
    value: str

    def places(self, span: Span, most: int) -> Select[Any]:
        columns = self.table.c
        return _newest(select(columns.time, columns.position).where(self._named(self.table)), self.table, span, most)

    def candidates(self, span: Span, most: int) -> Select[Any]:
        return _decisions_at(self.places(span, most))

    def holds(self, row: FromClause) -> ColumnElement[bool]:
        listed = self.table.alias()
        return exists().where(_same(listed, row), self._named(listed))

    def _named(self, table: FromClause) -> ColumnElement[bool]:
        return table.c[self.column] == self.value


@dataclass(frozen=True, slots=True)
class NamedOneOf(Criterion):
    """Decisions with one of these services, or one of these rules: each is found by its own index."""

    destinations: Sequence[str]
    rules: Sequence[str]

    @property
    def names(self) -> int:
        """How many there are."""
        return len(self.destinations) + len(self.rules)

    def places(self, span: Span, most: int) -> Select[Any]:
        each = [Named({"destination": name}) for name in self.destinations]
        each += [Named({"rule": name}) for name in self.rules]
        if not each:
            return select(decision.c.time, decision.c.position).where(false())
        # One may have both.
        rows = union(*(_all_of(criterion.places(span, most)) for criterion in each)).subquery()
        return _all_of(rows).order_by(rows.c.time.desc(), rows.c.position.desc()).limit(most)

    def candidates(self, span: Span, most: int) -> Select[Any]:
        return _decisions_at(self.places(span, most))

    def holds(self, row: FromClause) -> ColumnElement[bool]:
        return (row.c.destination + "").in_(self.destinations) | (row.c.rule + "").in_(self.rules)


def _same(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return (one.c.time == other.c.time) & (one.c.position == other.c.position)


def _decisions_at(chosen: Select[Any]) -> Select[Any]:
    """The decisions at some places, in the order of the list.

    The places are bounded first, and looked up by position alone: a planner that thinks that time and position have
    nothing to do with each other expects one row, and reads whole tables for it.
    """
    places = chosen.subquery()
    rows = select(decision).select_from(places).join(decision, decision.c.position == places.c.position)
    return rows.order_by(places.c.time.desc(), places.c.position.desc())


def _newest(rows: Select[Any], order: Table, span: Span, most: int) -> Select[Any]:
    """In the order of the table that has the index: the database walks that, and sorts nothing."""
    columns = order.c
    return rows.where(*span.bounds(columns)).order_by(columns.time.desc(), columns.position.desc()).limit(most)


def _all_of(rows: Select[Any] | FromClause) -> Select[Any]:
    return select(rows.subquery() if isinstance(rows, Select) else rows)
