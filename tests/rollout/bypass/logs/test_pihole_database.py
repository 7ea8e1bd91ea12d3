from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from promptguard.rollout.bypass.logs.pihole_database import PiholeDatabase
from promptguard.rollout.bypass.observations import Query

QUERY = Query("2026-11-29", "10.0.0.5", "chatgpt.com")


def made(path: Path, *rows: tuple[object, ...], table: str = "queries") -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE {table} (timestamp INTEGER, type INTEGER, status INTEGER, domain, client)")
        database.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", rows)  # noqa: S608
        database.commit()
    return path


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [(1, 2, QUERY), (2, 3, QUERY), (16, 17, QUERY), (1, 1, None), (1, 5, None), (1, 0, None), (7, 2, None)],
)
def test_queries_that_were_answered(tmp_path: Path, kind: int, status: int, said: Query | None) -> None:
    path = made(tmp_path / "pihole-FTL.db", (1795950000, kind, status, "chatgpt.com", "10.0.0.5"))
    assert PiholeDatabase().owns(path)
    assert list(PiholeDatabase().read(path)) == [said]


def test_other_databases_are_not_owned(tmp_path: Path) -> None:
    assert not PiholeDatabase().owns(made(tmp_path / "other.db", table="other"))
    torn = tmp_path / "torn.db"
    torn.write_bytes(b"SQLite format 3\0" + b"x" * 90)
    assert not PiholeDatabase().owns(torn)
    with pytest.raises(ValueError, match=r"."):
        list(PiholeDatabase().read(torn))
