from __future__ import annotations

import pytest
from tests.storage.grounds import Ground

from promptguard.errors import StorageError
from promptguard.storage.evidence import DatabaseEvidence


@pytest.fixture
def clock() -> list[float]:
    return [1_000.0]


@pytest.fixture
def store(ground: Ground, clock: list[float]):
    database = ground.open()
    yield DatabaseEvidence(database, lambda: clock[0])
    database.close()


def test_evidence_is_there_until_it_expires(store: DatabaseEvidence, clock: list[float], ground: Ground) -> None:
    store.add("pg-1", b"sealed one", 2_000)
    store.add("pg-2", b"sealed two", 3_000)
    assert (store.find("pg-1"), store.find("pg-3")) == (b"sealed one", None)
    clock[0] = 2_000.0
    assert (store.find("pg-1"), store.find("pg-2")) == (None, b"sealed two")
    assert [store.forget_before(2_000), store.forget_before(2_000)] == [1, 0]
    assert b"sealed one" not in ground.content()
    assert b"sealed two" in ground.content()


def test_what_expires_is_kept_on_where_it_has_to_be(store: DatabaseEvidence, clock: list[float]) -> None:
    for name, expires in (("pg-1", 2_000), ("pg-2", 1_500), ("pg-3", 9_000)):
        store.add(name, b"sealed", expires)
    assert store.expiring(2_000) == ["pg-2", "pg-1"]
    store.postpone(["pg-2"], 5_000)
    clock[0] = 2_500.0
    assert store.forget_before(2_500) == 1
    assert (store.find("pg-1"), store.find("pg-2")) == (None, b"sealed")


def test_evidence_of_what_has_expired_goes_with_it(store: DatabaseEvidence, ground: Ground) -> None:
    store.add("pg-1", b"sealed one", 2_000)
    store.add("pg-2", b"sealed two", 2_000)
    store.forget([])
    store.forget(["pg-1", "pg-3"])
    assert (store.find("pg-1"), store.find("pg-2")) == (None, b"sealed two")
    assert b"sealed one" not in ground.content()


def test_what_cannot_be_kept_is_told(store: DatabaseEvidence, ground: Ground) -> None:
    ground.refuse_inserts("evidence")
    with pytest.raises(StorageError):
        store.add("pg-1", b"sealed", 2_000)
    assert store.find("pg-1") is None
