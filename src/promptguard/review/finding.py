"""Finds the decisions that several criteria hold for: what that costs depends on the rarest one, not on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    Subquery,
    exists,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from promptguard.review.criteria import Anything, Criterion, NamedOneOf, Span
from promptguard.review.tables import decision

LOOKED_AT: Final = 500
"""Of each criterion so many decisions are looked at to see which is the rarest: by how far they reach back."""
MAX_LEADING_NAMES: Final = 100
"""Words that more names have are no rare thing."""
MIN_CANDIDATES: Final = 200
MAX_CANDIDATES: Final = 20_000
"""Decisions that are held against the other criteria in one go: few first, as most lists are filled by them."""


def newest_of(
    connection: Connection, criteria: Sequence[Criterion], span: Span, size: int, *, together: bool
) -> list[RowMapping]:
    """The newest decisions that all criteria hold for, at most `size`, with all columns.

    Args:
        together: of those on the same prompt only the first that is wanted.
    """
    leading = _rarest(connection, criteria, span)
    if leading is None:
        return []
    others = [each for each in criteria if each is not leading]
    found: list[RowMapping] = []
    most = max(size, MIN_CANDIDATES) if others or together else size
    rest = span
    while True:
        candidates = leading.candidates(rest, most).subquery("candidates")
        holding = [each.holds(candidates) for each in others]
        if together:
            holding.append(_is_first(candidates, criteria, span))
        found += _rows(connection, candidates, holding, size - len(found))
        if len(found) >= size:
            return found
        last = connection.execute(leading.places(rest, most).offset(most - 1).limit(1)).one_or_none()
        if last is None:
            return found
        rest = replace(span, before=(last.time, last.position))
        most = min(most * 4, MAX_CANDIDATES)


def taken_up_since(
    connection: Connection, criteria: Sequence[Criterion], span: Span, after: int, size: int, *, together: bool
) -> list[RowMapping]:
    """The same of those with a higher position, which are few: they alone are looked through."""
    found: list[RowMapping] = []
    below: int | None = None
    while True:
        positions = decision.c.position
        new = select(decision).where(positions > after).order_by(positions.desc()).limit(MAX_CANDIDATES)
        candidates = (new if below is None else new.where(positions < below)).subquery("candidates")
        holding = [*span.bounds(candidates.c), *(each.holds(candidates) for each in criteria)]
        if together:
            holding.append(_is_first(candidates, criteria, span))
        found += _rows(connection, candidates, holding, size - len(found))
        below = connection.scalar(select(candidates.c.position).offset(MAX_CANDIDATES - 1).limit(1))
        if below is None or len(found) >= size:
            return found


def _rows(
    connection: Connection, candidates: Subquery, holding: Sequence[ColumnElement[bool]], most: int
) -> Sequence[RowMapping]:
    columns = candidates.c
    wanted = select(candidates).where(*holding).order_by(columns.time.desc(), columns.position.desc()).limit(most)
    return connection.execute(wanted).mappings().all()


def _rarest(connection: Connection, criteria: Sequence[Criterion], span: Span) -> Criterion | None:
    """The criterion that leads through the list; None where one of them holds for nothing."""
    if not criteria:
        return Anything()
    leading = [each for each in criteria if not isinstance(each, NamedOneOf) or each.names <= MAX_LEADING_NAMES]
    if len(leading) < 2:
        return leading[0] if leading else Anything()
    looks = [
        _reach(number, each.places(span, LOOKED_AT).subquery(f"places_{number}")) for number, each in enumerate(leading)
    ]
    reaches = connection.execute(union_all(*looks)).all()
    if any(not count for _, count, _ in reaches):
        return None
    # One with fewer than were looked at is rarer than all that have more, the fewer the rarer.
    rarest = min(reaches, key=lambda reach: (reach.count, reach.oldest))
    return leading[int(rarest.number)]


def _reach(number: int, places: Subquery) -> Select[int, int, str]:
    """The number of a criterion, how many of its newest decisions there are, and when the oldest of them was."""
    return select(literal(number).label("number"), func.count().label("count"), func.min(places.c.time).label("oldest"))


def _is_first(row: FromClause, criteria: Sequence[Criterion], span: Span) -> ColumnElement[bool]:
    """That no decision on the same prompt, wanted too, came before: looked up by the index of prompts."""
    earlier = decision.alias("earlier")
    before = tuple_(earlier.c.time, earlier.c.position) < tuple_(row.c.time, row.c.position)
    # Of an expression there is no index: else PostgreSQL reads all decisions of that time for a few prompts.
    when = SimpleNamespace(time=earlier.c.time + "")
    wanted = (*replace(span, before=None).bounds(when), *(each.holds(earlier) for each in criteria))
    return (row.c.incident == "") | ~exists().where(earlier.c.incident == row.c.incident, before, *wanted)
