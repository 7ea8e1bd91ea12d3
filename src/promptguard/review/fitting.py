"""What is written into a table, as every kind of database takes it, and as people's words are kept.

SQLite keeps a text of any length in any column; PostgreSQL refuses one that is longer than its column, or has a NUL.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import String, Table


def fitted(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its texts cut to their columns' lengths, in characters."""
    widths = _widths(table)
    return {
        name: value.replace("\0", "\N{REPLACEMENT CHARACTER}")[: widths[name]] if isinstance(value, str) else value
        for name, value in row.items()
    }


def one_line(text: str, most: int) -> str:
    """What somebody wrote, in one line of so many characters, without what does not show."""
    return "".join(filter(str.isprintable, " ".join(text.split())))[:most]


@cache
def _widths(table: Table) -> dict[str, int | None]:
    """How many characters each column takes; None where that is not bounded."""
    return {each.name: each.type.length if isinstance(each.type, String) else None for each in table.columns}
