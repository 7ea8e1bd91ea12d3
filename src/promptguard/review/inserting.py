"""What both databases can do and SQLAlchemy spells for each by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or_leave(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> int:
    """Insert rows but those whose key is there already; how many were inserted."""
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert
    statement = insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    return sum(connection.execute(statement.values(dict(row))).first() is not None for row in rows)
