from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from promptguard.detectors.fingerprints import store as module
from promptguard.detectors.fingerprints.scheme import DOCUMENTS, SOURCES
from promptguard.detectors.fingerprints.store import Busy, FingerprintStore, IndexEntry
from promptguard.errors import ConfigError

type Maker = Callable[..., IndexEntry]


def names(store: FingerprintStore) -> list[str]:
    return [details.name for details in store.details()]


def test_what_is_put_is_read(store: FingerprintStore, entry: Maker) -> None:
    entries = [entry("one.txt", [3, 1, 2**63]), entry("zwei – ü.txt", [7], boilerplate=True)]
    store.put(entries)
    read = list(store.read())
    assert [each.details for each in read] == [each.details for each in entries]
    assert [each.fingerprints.tolist() for each in read] == [[1, 3, 2**63], [7]]
    assert store.size() == 4


def test_the_same_name_replaces(store: FingerprintStore, entry: Maker) -> None:
    store.put([entry("a", [1]), entry("b", [2])])
    store.put([entry("a", [9])])
    assert names(store) == ["b", "a"]
    assert [each.fingerprints.tolist() for each in store.read()] == [[2], [9]]


def test_removing_says_what_was_not_there(store: FingerprintStore, entry: Maker) -> None:
    store.put([entry("a", [1]), entry("b", [2]), entry("c", [3])])
    assert store.remove(["a", "nope", "c"]) == ["nope"]
    assert names(store) == ["b"]


def test_all_or_none(store: FingerprintStore, entry: Maker) -> None:
    store.put([entry("a", [1])])

    def failing() -> list[IndexEntry]:
        yield entry("b", [2])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.put(failing())
    assert names(store) == ["a"]


def test_neither_names_nor_texts_stand_in_the_file(path: Path, store: FingerprintStore, entry: Maker) -> None:
    text = (
        "The merger with Umbrellix closes in March and must stay between the seven of us until the bank has signed it."
    )
    store.put([entry("merger-umbrellix.txt", text)])
    store.remove(["merger-umbrellix.txt"])
    store.put([entry("merger-umbrellix.txt", text)])
    content = path.read_bytes().lower()
    assert not [word for word in (b"umbrellix", b"merger", b"confidential_records") if word in content]


def test_the_file_is_its_owners_alone(path: Path, store: FingerprintStore, entry: Maker) -> None:
    store.put([entry("a", [1])])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_key_cannot_read(path: Path, store: FingerprintStore, entry: Maker) -> None:
    store.put([entry("a", [1])])
    other = FingerprintStore(path, bytes(32), DOCUMENTS)
    with pytest.raises(ConfigError, match="another key"):
        other.details()
    with pytest.raises(ConfigError, match="another key"):
        other.put([entry("b", [2])])
    assert names(store) == ["a"]


def test_an_index_of_something_else(path: Path, key: bytes, store: FingerprintStore, entry: Maker) -> None:
    store.put([entry("a", [1])])
    with pytest.raises(ConfigError, match="no index of sources"):
        FingerprintStore(path, key, SOURCES).details()


def test_an_index_of_another_version(path: Path, store: FingerprintStore, entry: Maker) -> None:
    store.put([entry("a", [1])])
    change(path, "UPDATE head SET scheme = 'documents 0 k=9 w=9'")
    with pytest.raises(ConfigError, match="another version"):
        store.details()


def change(path: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement, values)
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET fingerprints = zeroblob(8)",
        "UPDATE entries SET details = zeroblob(60)",
        "UPDATE entries SET details = 'text'",
        "UPDATE entries SET name = zeroblob(16)",
        "UPDATE head SET proof = zeroblob(16)",
        "DELETE FROM head",
        "DROP TABLE head",
        "DROP TABLE entries",
        "PRAGMA application_id = 1",
    ],
)
def test_changes_by_others_are_noticed(path: Path, store: FingerprintStore, entry: Maker, statement: str) -> None:
    store.put([entry("a", [1])])
    change(path, statement)
    with pytest.raises(ConfigError, match="is damaged"):
        store.details()


@pytest.mark.parametrize("content", [b"rubbish" * 1000, b"x"])
def test_no_database(path: Path, store: FingerprintStore, entry: Maker, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="is damaged"):
        store.details()
    with pytest.raises(ConfigError, match="is damaged"):
        store.put([entry("a", [1])])
    assert path.read_bytes() == content


def test_cut_off(path: Path, store: FingerprintStore, entry: Maker) -> None:
    store.put([entry("a", list(range(20_000)))])
    path.write_bytes(path.read_bytes()[:-50_000])
    with pytest.raises(ConfigError, match="documents add"):
        store.details()


def test_no_file(store: FingerprintStore) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        store.details()


def test_a_second_writer_waits_its_turn(
    path: Path, store: FingerprintStore, entry: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put([entry("a", [1])])
    monkeypatch.setattr(module, "_WAIT_SECONDS", 0.0)
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="by another command"):
            store.put([entry("b", [2])])
        assert names(store) == ["a"]
    connection.close()


def test_fingerprints_of_any_byte_order_are_stored_alike(store: FingerprintStore, entry: Maker) -> None:
    store.put([IndexEntry(entry("a", [1]).details, np.array([1, 256], dtype=">u8"))])
    assert [each.fingerprints.tolist() for each in store.read()] == [[1, 256]]
