"""Which false alarms a proxy takes up: what policy lets pass, as long as it does, with or without the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from promptguard.audit.events import timestamp
from promptguard.detectors.false_alarms import FalseAlarm, FalseAlarmState
from promptguard.errors import StorageError
from promptguard.keys import Keys
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.runtime.policy_exchange import PolicyExchange
from promptguard.storage.sqlite.backend import SQLiteBackend

RULE = {"id": "all", "action": "block", "reason": "x"}
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


class Proxy:
    """A process, whose clock stands."""

    def __init__(self, backend: SQLiteBackend, keys: Keys) -> None:
        self.days = 0
        self.store = backend.false_alarms(keys)
        self.exchange = PolicyExchange(backend, keys, self.now)

    def now(self) -> str:
        return timestamp(START + timedelta(days=self.days))

    def accept(self, id: str, days: int, entity_type: str = "EMAIL_ADDRESS", data_class: str = "personal_data") -> None:
        end = timestamp(START + timedelta(days=days))
        self.store.ask([FalseAlarm(id, "f" * 32, entity_type, data_class, "pg-1", "", "a", "Ann", self.now(), end)])
        self.store.answer(id, FalseAlarmState.ACCEPTED, by="b", name="Bob", now=self.now())

    def changed(self, **false_alarms: object) -> list[str] | None:
        policy = Policy(
            PolicyFile.model_validate_json(_json({"version": "1", "false_alarms": false_alarms, "rules": [RULE]}))
        )
        found = self.exchange.changed_false_alarms(policy)
        return None if found is None else sorted(each.id for each in found)


def _json(value: object) -> bytes:
    import orjson

    return orjson.dumps(value)


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    with closing(SQLiteBackend.open(tmp_path / "a.db")) as backend:
        yield Proxy(backend, Keys.load_or_create(tmp_path / "keys"))


def test_each_change_is_taken_up_once(proxy: Proxy) -> None:
    assert proxy.changed() is None
    proxy.accept("al-1", 30)
    assert proxy.changed() == ["al-1"]
    assert proxy.changed() is None
    proxy.store.answer("al-1", FalseAlarmState.REVOKED, by="b", name="Bob", now=proxy.now())
    assert proxy.changed() == []


def test_policy_has_the_last_word(proxy: Proxy) -> None:
    proxy.accept("al-1", 30)
    proxy.accept("al-2", 30, "GITHUB_TOKEN", "credentials")
    proxy.accept("al-3", 30, "IBAN_CODE")
    assert proxy.changed(never_data_classes=["credentials"]) == ["al-1", "al-3"]
    assert proxy.changed(never_data_classes=["credentials"], never_entity_types=["IBAN_CODE"]) == ["al-1"]
    assert proxy.changed() == ["al-1", "al-2", "al-3"]
    proxy.days = 8
    assert proxy.changed(max_days=7) == []


def test_they_end_by_themselves_even_where_the_database_is_away(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy.accept("al-1", 10)
    proxy.accept("al-2", 20)
    assert proxy.changed() == ["al-1", "al-2"]
    proxy.days = 10
    assert proxy.changed() == ["al-2"]

    def away() -> int:
        raise StorageError("database", "It is away.", "Wait.")

    monkeypatch.setattr(proxy.exchange._false_alarms, "revision", away)
    with pytest.raises(StorageError):
        proxy.changed()
    proxy.days = 20
    assert proxy.changed() == []


def test_a_process_starts_without_the_database_and_takes_them_up_when_it_is_back(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.accept("al-1", 10)

    def away(*_: object) -> int:
        raise StorageError("database", "It is away.", "Wait.")

    policy = Policy(PolicyFile.model_validate_json(_json({"version": "1", "rules": [RULE]})))
    with monkeypatch.context() as patched:
        patched.setattr(proxy.exchange._false_alarms, "revision", away)
        patched.setattr(proxy.exchange._versions, "still", away)
        assert proxy.exchange.at_start(policy) == ()
        proxy.exchange.still_runs()
    assert proxy.changed() == ["al-1"]


def test_what_is_in_doubt_counts_for_nothing_until_it_is_accepted(proxy: Proxy, tmp_path: Path) -> None:
    for id in ("al-1", "al-2"):
        proxy.accept(id, 10)
    assert proxy.changed() == ["al-1", "al-2"]
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
        connection.execute("DELETE FROM allowance WHERE id = 'al-2'")
    proxy.store.note()
    assert proxy.changed() == []
    assert proxy.exchange.doubt
    proxy.store.accept(proxy.now())
    assert proxy.changed() == ["al-1"]
    assert not proxy.exchange.doubt
