"""What both databases can do and SQLAlchemy spells for each by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insertion that can say what happens where the key is there already (`ON CONFLICT`)."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_or_leave(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> int:
    """Insert rows but those whose key is there already; how many were inserted."""
    statement = insert_into(connection, table).on_conflict_do_nothing().returning(*table.primary_key)
    return sum(connection.execute(statement.values(dict(row))).first() is not None for row in rows)
