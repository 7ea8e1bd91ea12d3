"""Expiry and holds of an installation in files, as a proxy that runs and commands beside it have them."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.audit.conftest import make_event  # noqa: F401 - a fixture

from promptguard.audit.events import timestamp
from promptguard.audit.interface import RecordDamaged
from promptguard.audit.recorder import Recorder
from promptguard.audit.retention.holds import Hold
from promptguard.configuration.retention_settings import RetentionSettings
from promptguard.configuration.settings import Settings
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.model import Event
from promptguard.policy.orders import Order, OrderKind, OrderState
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import key_ring, open_backend, open_reader
from promptguard.runtime.retention import EXPIRY, Retention, open_retention
from promptguard.runtime.review_database import open_reviewing
from promptguard.storage.interface import Backend

SETTINGS = Settings(retention=RetentionSettings(release_by_another=True))


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    Keys.load_or_create(tmp_path / "keys")
    return DataFolder(tmp_path)


@pytest.fixture
def proxy(folder: DataFolder) -> Iterator[tuple[Backend, Recorder]]:
    keys = Keys.load(folder.keys)
    with closing(open_backend(SETTINGS, folder, keys)) as backend:
        recorder = Recorder(backend.audit_store(), keys.audit, head_files=folder.keys, key_ring=key_ring(backend, keys))
        with closing(recorder):
            yield backend, recorder


def old(event: Event) -> Event:
    return replace(event, time=timestamp(datetime.now(UTC) - timedelta(days=100)))


def ids(folder: DataFolder) -> list[str]:
    with open_reader(SETTINGS, folder) as reader:
        return [event["id"] for event in reader.tail(10)]


def plain(folder: DataFolder, proxy: tuple[Backend, Recorder], *events: Event) -> None:
    """Record events as before they were sealed."""
    keys = Keys.load(folder.keys)
    recorder = Recorder(proxy[0].audit_store(), keys.audit, head_files=folder.keys)
    with closing(recorder):
        for event in events:
            asyncio.run(recorder.record(event))


def test_a_command_beside_a_proxy(
    folder: DataFolder,
    proxy: tuple[Backend, Recorder],
    make_event: Callable[..., Event],  # noqa: F811
) -> None:
    events = [old(make_event()), make_event(), old(make_event())]
    plain(folder, proxy, *events)
    with open_retention(SETTINGS, folder) as retention:
        retention.hold(Hold("hold-1", "anna", "Case", decisions=(events[2].id,)))
        assert (retention.due().decisions.records, retention.due().held) == (1, 1)
        assert ids(folder) == [event.id for event in events]
        due = retention.expire("anna")
        assert due is not None and due.decisions.records == 1
        assert ids(folder) == [event.id for event in events[1:]]
        with pytest.raises(PromptGuardError, match="another person has to lift it"):
            retention.release("hold-1", "anna", "Closed")
        retention.release("hold-1", "ben", "Closed")
        assert (due := retention.expire("anna")) is not None and due.decisions.records == 1
    with open_reader(SETTINGS, folder) as reader:
        assert reader.has_expired(events[0].id) and not reader.has_expired(events[1].id)
        report = reader.verify()
    assert (report.ok, report.expired) == (True, 2)


def test_nothing_readable_is_left_while_it_runs(
    folder: DataFolder,
    proxy: tuple[Backend, Recorder],
    make_event: Callable[..., Event],  # noqa: F811
) -> None:
    """What was not sealed is gone from the database's log and its free pages, too."""
    events = [replace(old(make_event()), pseudonym=f"p_gone{number:012}") for number in range(40)]
    plain(folder, proxy, *events)
    with open_retention(SETTINGS, folder) as retention:
        assert (due := retention.expire("anna")) is not None and due.decisions.records == 40
    assert [path.name for path in folder.path.rglob("*") if path.is_file() and b"p_gone" in path.read_bytes()] == []


def test_a_hold_waits_for_what_expires_just_now(folder: DataFolder, proxy: tuple[Backend, Recorder]) -> None:
    """Two of a data folder: what began before the hold may not know of it."""
    with open_retention(SETTINGS, folder) as retention:
        retention._patience = 0.0
        with proxy[0].alone(EXPIRY, folder.keys) as alone:
            assert alone and retention.expire("anna") is None
            with pytest.raises(PromptGuardError, match="it may have come too late"):
                retention.hold(Hold("hold-1", "anna", "Case", incident="pg-I"))
        retention.hold(Hold("hold-2", "anna", "Case", incident="pg-I"))
        assert [hold.id for hold in retention.holds()] == ["hold-1", "hold-2"]


def test_nothing_expires_where_the_chain_of_a_hold_is_gone(
    folder: DataFolder,
    proxy: tuple[Backend, Recorder],
    make_event: Callable[..., Event],  # noqa: F811
) -> None:
    """Whoever has the database alone takes out the one record of that chain, and its head: keys are destroyed for good,
    so that it does not do to find that out afterwards."""
    keys, events = Keys.load(folder.keys), [old(make_event()), old(make_event())]
    # It runs, and goes on with its chain: it looks at the ends of the others when it starts alone.
    with closing(Recorder(proxy[0].audit_store(), keys.audit, head_files=folder.keys)) as recorder:
        for event in events:
            asyncio.run(recorder.record(event))
        with open_retention(SETTINGS, folder) as retention:
            retention.hold(Hold("hold-1", "anna", "Case", decisions=(events[0].id,)))
        with closing(sqlite3.connect(folder.at(SETTINGS.audit.path))) as database, database:
            (chain,) = database.execute("SELECT chain FROM audit_record WHERE action = 'held'").fetchone()
            database.execute("DELETE FROM audit_record WHERE chain = ?", (chain,))
            database.execute("DELETE FROM audit_head WHERE chain = ?", (chain,))
        with closing(open_reviewing(SETTINGS, folder)) as reviewing:
            state = lambda entry: asyncio.run(recorder.state(entry))  # noqa: E731
            daily = Retention(proxy[0], keys, reviewing, SETTINGS.retention, state)
            with pytest.raises(RecordDamaged, match="a hold may be missing"):
                daily.expire()
    assert ids(folder) == [event.id for event in events]


def test_orders_go_after_their_time_once_they_are_over(folder: DataFolder, proxy: tuple[Backend, Recorder]) -> None:
    def ago(days: int) -> str:
        return timestamp(datetime.now(UTC) - timedelta(days=days))

    def order(id: str, expires: str) -> Order:
        return Order(id, OrderKind.EXCEPTION, OrderState.IN_FORCE, {}, "R.", "a1", "Ann", ago(800), expires=expires)

    store = proxy[0].orders(Keys.load(folder.keys))
    for id, expires in (("or-gone", ago(366)), ("or-kept", ago(364)), ("or-holds", ""), ("or-lifted", "")):
        store.add(order(id, expires))
    store.end("or-lifted", by="", name="Ann", now=ago(366), reason="Over")
    with open_retention(SETTINGS, folder) as retention:
        retention.expire()
    assert {each.id for each in store.all()} == {"or-kept", "or-holds"}
