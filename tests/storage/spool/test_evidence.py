"""Evidence that waits for its database: there before its decisions, once, whoever delivers it; else kept and told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.storage.grounds import PostgreSQLGround

from promptguard.errors import StorageAway, StorageError
from promptguard.storage.postgresql.database import PostgreSQLDatabase
from promptguard.storage.spool import evidence
from promptguard.storage.spool.evidence import SpooledEvidence
from promptguard.storage.spool.records import SpoolFolder

KEY = bytes(32)
FAR_OFF = 2**40


class Server:
    """A database that can be away."""

    def __init__(self, database: PostgreSQLDatabase) -> None:
        self.database = database
        self.away = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        if self.away:
            raise StorageAway("database", "It is away.", "")
        with self.database.writing() as connection:
            yield connection


@pytest.fixture
def server(on_postgresql: PostgreSQLGround) -> Iterator[Server]:
    with closing(on_postgresql.open()) as database:
        yield Server(database)


@pytest.fixture
def opened(server: Server, tmp_path: Path) -> Iterator[Callable[..., SpooledEvidence]]:
    """Processes on one data folder."""
    with ExitStack() as closed:

        def open_(max_bytes: int = 2**20) -> SpooledEvidence:
            folder = SpoolFolder(tmp_path / "spool", KEY, max_bytes=max_bytes, max_age=3600)
            store: Any = server
            return closed.enter_context(closing(SpooledEvidence(store, folder)))

        yield open_


def test_it_waits_encrypted_and_is_delivered_once(
    opened: Callable[..., SpooledEvidence], server: Server, tmp_path: Path
) -> None:
    store = opened()
    assert not store.waiting
    store.add("pg-0", b"sealed zero", FAR_OFF)
    server.away = True
    store.add("pg-1", b"sealed one", FAR_OFF)
    store.add("pg-2", b"long gone", 1)
    file = tmp_path / "spool" / "1.evidence"
    assert b"pg-1" not in file.read_bytes()
    assert (store.waiting, store.find("pg-1")) == (True, None)
    with pytest.raises(StorageAway):
        store.deliver_some()
    server.away = False
    before = tmp_path / "before"
    shutil.copyfile(file, before)
    assert not store.deliver_some()
    assert [store.find(f"pg-{number}") for number in range(3)] == [b"sealed zero", b"sealed one", None]
    assert not store.waiting
    assert not file.exists()
    store.close()
    before.rename(file)  # as if it had been killed before it could clear the file
    again = opened()
    assert again.waiting
    assert not again.deliver_some()
    assert again.find("pg-1") == b"sealed one"
    assert not file.exists()


def test_what_a_process_leaves_is_delivered_by_those_that_run(
    opened: Callable[..., SpooledEvidence], server: Server
) -> None:
    ended, running = opened(), opened()
    server.away = True
    ended.add("pg-1", b"one", FAR_OFF)
    running.add("pg-2", b"two", FAR_OFF)
    server.away = False
    assert not running.deliver_some()
    assert (running.find("pg-1"), running.find("pg-2")) == (None, b"two")
    ended.close()
    assert not running.deliver_some()
    assert running.find("pg-1") == b"one"


def test_it_is_delivered_some_at_a_time(
    opened: Callable[..., SpooledEvidence], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "DELIVERY_SECONDS", 0.0)
    store = opened()
    server.away = True
    for number in range(3):
        store.add(f"pg-{number}", b"sealed", FAR_OFF)
    server.away = False
    assert store.deliver_some()
    assert (store.find("pg-0"), store.find("pg-2")) == (b"sealed", None)
    store.add("pg-3", b"at once", FAR_OFF)
    server.away = True
    store.add("pg-4", b"behind", FAR_OFF)
    with pytest.raises(StorageAway):
        store.deliver_some()
    server.away = False
    while store.deliver_some():
        pass
    assert [store.find(f"pg-{number}") for number in range(1, 5)] == [b"sealed", b"sealed", b"at once", b"behind"]


def test_what_is_full_is_refused(opened: Callable[..., SpooledEvidence], server: Server) -> None:
    store = opened(max_bytes=4000)
    server.away = True
    with pytest.raises(StorageError, match="the spool for evidence is full"):
        store.add("pg-1", b"x" * 2000, FAR_OFF)
    store.add("pg-2", b"x", FAR_OFF)


def test_what_cannot_be_delivered_is_kept_and_holds_up_no_decision(
    opened: Callable[..., SpooledEvidence], server: Server, on_postgresql: PostgreSQLGround, tmp_path: Path, caplog: Any
) -> None:
    store = opened()
    server.away = True
    store.add("pg-1", b"sealed", FAR_OFF)
    server.away = False
    on_postgresql.refuse_inserts("evidence")
    assert not store.deliver_some()
    assert not store.deliver_some()
    assert len(caplog.records) == 1
    assert (tmp_path / "spool" / "1.evidence").exists()
    server.away = True
    with pytest.raises(StorageError):
        store.add("pg-2", b"sealed", FAR_OFF)
