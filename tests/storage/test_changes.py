"""Whoever follows a database is told soon of what others commit, whatever becomes of connections."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from tests.storage.grounds import INSTALLATION, Ground, PostgreSQLGround, SQLiteGround

from promptguard.audit.chain import Chain
from promptguard.audit.record import canonical
from promptguard.detectors.false_alarms import FalseAlarm, FalseAlarmState
from promptguard.model import Event
from promptguard.policy.versions import ConfigurationText
from promptguard.storage.changes import Topic
from promptguard.storage.interface import Backend
from promptguard.storage.postgresql.backend import PostgreSQLBackend
from promptguard.storage.sqlite.backend import SQLiteBackend


def opened(ground: Ground) -> Backend:
    if isinstance(ground, PostgreSQLGround):
        return PostgreSQLBackend.open(ground.url, INSTALLATION)
    assert isinstance(ground, SQLiteGround)
    return SQLiteBackend.open(ground.file)


@pytest.fixture
def backends(ground: Ground) -> Iterator[tuple[Backend, Backend]]:
    with closing(opened(ground)) as one, closing(opened(ground)) as two:
        yield one, two


def test_new_records_are_told_soon(
    installation: Any, backends: tuple[Backend, Backend], make_event: Callable[..., Event]
) -> None:
    with closing(backends[0].changes(Topic.RECORDS)) as changes:
        assert set(changes.wait(30)) == {Topic.RECORDS}, "what was there before"
        assert not changes.wait(0.01)
        for _ in range(2):
            timer = threading.Timer(0.05, installation.append, [make_event()])
            timer.start()
            started = time.monotonic()
            assert set(changes.wait(30)) == {Topic.RECORDS}
            assert time.monotonic() - started < 5
            timer.join()


def test_closed_from_another_thread(backends: tuple[Backend, Backend]) -> None:
    changes = backends[0].changes(Topic.RECORDS)
    changes.wait(30)
    thread = threading.Thread(target=changes.wait, args=(600,))
    thread.start()
    changes.close()
    thread.join(30)
    assert not thread.is_alive()
    assert not changes.wait(600)
    changes.close()


def test_topics_and_lost_connections(on_postgresql: PostgreSQLGround, make_event: Callable[..., Event]) -> None:
    with closing(opened(on_postgresql)) as backend, closing(on_postgresql.open()) as database:

        def announce(topic: Topic) -> None:
            with database.writing() as connection:
                database.announce(connection, topic)

        changes = backend.changes(Topic.INCIDENTS, Topic.POLICY)
        assert set(changes.wait(30)) == {Topic.INCIDENTS, Topic.POLICY}
        with closing(backend.audit_store().writer()) as writer:
            writer.append([canonical(make_event())], Chain(bytes(32), writer.chain), durable=True)
        assert not changes.wait(0.05), "another topic"
        announce(Topic.POLICY)
        assert set(changes.wait(30)) == {Topic.POLICY}
        on_postgresql.server.stop("immediate")
        assert changes.wait(30), "it cannot be told"
        on_postgresql.server.start()
        assert changes.wait(30)
        while changes.wait(0.05):
            pass
        announce(Topic.INCIDENTS)
        assert set(changes.wait(30)) == {Topic.INCIDENTS}
        changes.close()


@pytest.mark.parametrize(
    "change",
    ["accepted as a false alarm", "a version of the policy"],
)
def test_what_reviewers_and_proxies_share_is_told(
    change: str, installation: Any, backends: tuple[Backend, Backend]
) -> None:
    keys, (one, two) = installation.keys, backends
    time = "2026-03-01T09:30:00.000Z"
    alarm = FalseAlarm("al-1", "f" * 32, "EMAIL_ADDRESS", "personal_data", "pg-1", "", "a", "Ann", time, "2999")
    one.false_alarms(keys).ask([alarm])
    with closing(two.changes(Topic.POLICY)) as changes:
        assert changes.wait(30)
        assert not changes.wait(0.01)
        if change == "a version of the policy":
            text = ConfigurationText("p", "1", {"policy.yaml": "version: '1'"})
            one.policy_versions(bytes(32)).keep(text, "r", process="1", machine="m", now=time)
        else:
            answer = FalseAlarmState.ACCEPTED
            one.false_alarms(keys).answer("al-1", answer, by="b", name="Bob", now=time)
        assert set(changes.wait(30)) == {Topic.POLICY}


def test_positions_are_given_out_once(on_postgresql: PostgreSQLGround, make_event: Callable[..., Event]) -> None:
    """A server that crashes forgets which it has given out; whoever has read them must not miss what comes next."""
    with closing(opened(on_postgresql)) as backend:
        writer = backend.audit_store().writer()
        chain = Chain(bytes(32), writer.chain)
        store = on_postgresql.store(on_postgresql.open())
        read: list[str] = []
        after = 0
        for _ in range(3):
            for _ in range(3):
                chain.trust(writer.append([canonical(make_event())], chain, durable=False))
            for record in store.records(after=after):
                after = record.position
                read.append(record.event_id)
            on_postgresql.server.stop("immediate")
            on_postgresql.server.start()
        chain.trust(writer.append([canonical(make_event())], chain, durable=True))
        read += [record.event_id for record in store.records(after=after)]
        assert set(read) == {record.event_id for record in store.records()}
        assert len({record.position for record in store.records()}) == 10
        writer.close()
