"""The database that Pi-hole keeps for long, `pihole-FTL.db`: https://docs.pi-hole.net/database/query-database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from promptguard.rollout.bypass.logs.interface import DatabaseFormat
from promptguard.rollout.bypass.observations import Observation, Query, day_of_epoch

_KINDS: Final = frozenset({1, 2, 16})
"""A, AAAA and HTTPS among the numbers that Pi-hole gives types."""

_ANSWERED: Final = frozenset({2, 3, 12, 13, 14, 17})
"""Forwarded, from the cache, retried, already forwarded, from the stale cache: all others are refused or unknown."""


class PiholeDatabase(DatabaseFormat):
    """Queries that were answered."""

    title = "Pi-hole database"

    def owns(self, path: Path) -> bool:
        """See `DatabaseFormat.owns`."""
        try:
            with closing(_opened(path)) as database:
                rows = database.execute("SELECT name FROM pragma_table_info('queries')").fetchall()
        except sqlite3.Error:
            return False
        return {"timestamp", "type", "status", "domain", "client"} <= {name for (name,) in rows}

    def read(self, path: Path) -> Iterator[Observation | None]:
        """See `DatabaseFormat.read`."""
        try:
            with closing(_opened(path)) as database:
                for time, kind, status, domain, client in database.execute(
                    "SELECT timestamp, type, status, domain, client FROM queries"
                ):
                    wanted = kind in _KINDS and status in _ANSWERED
                    yield Query(day_of_epoch(time or 0), str(client), str(domain)) if wanted else None
        except sqlite3.Error as error:
            raise ValueError(str(error)) from None


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
