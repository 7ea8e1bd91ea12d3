"""Takes decisions out of the tables of reviewing once they have expired. Counts by hour stay: they name nobody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import batched
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Table, bindparam, delete, select

from promptguard.review import tables
from promptguard.review.database import ReviewDatabase

BATCH: Final = 500
"""Decisions forgotten in one transaction."""

_OF_A_DECISION: Final = (
    (tables.decision_entity, "entity_type"),
    (tables.decision_class, "data_class"),
    (tables.decision_group, "group_name"),
)
_TERMS: Final = {"data_class": "class", "group_name": "group"}


def forget(database: ReviewDatabase, positions: Sequence[int]) -> None:
    """Take out the decisions at these positions of the record, and what reviewers said of them.

    Raises:
        StorageError: the database cannot be written; some may be out already.
    """
    for some in batched(positions, BATCH):
        with database.writing() as connection:
            _forget(connection, some)
    if positions:
        database.deleted()


def _forget(connection: Connection, positions: Collection[int]) -> None:
    columns = tables.decision.c
    here = columns.position.in_(positions)
    rows = connection.execute(select(columns.id, columns.time, columns.position, columns.summary).where(here)).all()
    if not rows:
        return
    for table, column in _OF_A_DECISION:
        names = _entities(rows) if column == "entity_type" else _terms(connection, _TERMS[column])
        _delete(connection, table, column, names, rows)
    verdicts = tables.verdict.c.decision_id
    connection.execute(delete(tables.verdict).where(verdicts.in_([row.id for row in rows])))
    connection.execute(delete(tables.decision).where(here))


def _delete(connection: Connection, table: Table, column: str, names: Collection[str], rows: Sequence[Any]) -> None:
    """By the whole of the primary key: each is found at once, however many decisions there are."""
    statement = delete(table).where(
        table.c[column] == bindparam("named"), table.c.time == bindparam("at"), table.c.position == bindparam("place")
    )
    keys = [{"named": name, "at": row.time, "place": row.position} for row in rows for name in names]
    if keys:
        connection.execute(statement, keys)


def _entities(rows: Sequence[Any]) -> set[str]:
    return {name[:64] for row in rows for name in orjson.loads(row.summary)}


def _terms(connection: Connection, kind: str) -> list[str]:
    return list(connection.scalars(select(tables.term.c.name).where(tables.term.c.kind == kind)))
