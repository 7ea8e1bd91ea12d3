"""Installations with many decisions: in files, and on a PostgreSQL server of their own."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
import yaml
from tests.storage.postgresql_server import PostgreSQLServer

from benchmarks.review.filling import PostgreSQLLoader, SQLiteLoader, fill, sealed_events
from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_backend
from promptguard.runtime.review_database import open_reviewing

CONFIG = Path(__file__).parents[2] / "config"

_LOADING = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -500000")
_LARGE_LOG = ("ALTER SYSTEM SET max_wal_size = '8GB'", "SELECT pg_reload_conf()")
"""As long as the tables are loaded: with the shipped 1 GB, the server would make checkpoints all the time."""
_SHIPPED = ("ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()", "CHECKPOINT")


@dataclass(frozen=True, slots=True)
class Filled:
    """An installation with decisions."""

    name: str
    config: Path
    data: Path
    seconds: float
    """How long it took to bring them in."""
    size: int
    """Of its database, in bytes."""
    server: int | None = None
    """The process id of its database's server."""


@contextmanager
def on_sqlite(folder: Path, count: int, now: datetime) -> Iterator[Filled]:
    """In files."""
    started = time.perf_counter()
    config, data = _configuration(folder / "config", {}), DataFolder(folder / "data")
    sealed = _begun(config, data)
    files = (data.at(Settings().audit.path), data.review)
    with _file(files[0]) as record, _file(files[1]) as review:
        fill(SQLiteLoader(record), SQLiteLoader(review), sealed, count, now)
    seconds = time.perf_counter() - started
    yield Filled("SQLite", config, data.path, seconds, sum(path.stat().st_size for path in files))


@contextmanager
def on_postgresql(folder: Path, count: int, now: datetime) -> Iterator[Filled]:
    """On a server in a temporary folder, reached through a Unix socket, with its shipped settings."""
    server = PostgreSQLServer()
    try:
        started = time.perf_counter()
        config, data = _configuration(folder / "config", {"database": server.url()}), DataFolder(folder / "data")
        sealed = _begun(config, data)
        server.execute(*_LARGE_LOG)
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("SET maintenance_work_mem = '512MB'")
            loader = PostgreSQLLoader(connection)
            fill(loader, loader, sealed, count, now)
            connection.execute("VACUUM (ANALYZE)")  # as the server does by itself, some time later
        server.execute(*_SHIPPED)
        ((size,),) = server.execute("SELECT pg_database_size(current_database())")
        pid = int((server.folder / "data" / "postmaster.pid").read_text("ascii").split()[0])
        yield Filled("PostgreSQL", config, data.path, time.perf_counter() - started, int(str(size)), pid)
    finally:
        server.remove()


def _configuration(folder: Path, settings: dict[str, str]) -> Path:
    """The shipped configuration with these settings alone."""
    folder.mkdir(parents=True)
    for each in CONFIG.iterdir():
        if each.name != "promptguard.yaml":
            (folder / each.name).symlink_to(each)
    (folder / "promptguard.yaml").write_text(yaml.safe_dump(settings) if settings else "", "utf-8")
    return folder


def _begun(config: Path, data: DataFolder) -> list[bytes]:
    """Make keys and empty tables; sealed events."""
    settings = Settings.model_validate(yaml.safe_load((config / "promptguard.yaml").read_text("utf-8")) or {})
    keys = Keys.load_or_create(data.keys)
    open_reviewing(settings, data).close()
    with closing(open_backend(settings, data, keys)) as backend:
        return sealed_events(backend, keys)


@contextmanager
def _file(path: Path) -> Iterator[sqlite3.Connection]:
    """A database that is loaded, and goes on as it was."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in _LOADING:
            connection.execute(statement).fetchall()
        yield connection
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
