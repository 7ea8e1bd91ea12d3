from __future__ import annotations

from typing import Any

import pytest

from promptguard.errors import StorageError
from promptguard.policy.publications import Publication, PublicationRun
from promptguard.storage.publications import DatabasePublications

KEY = bytes(range(32))
T = "2026-03-0{}T09:30:00.000Z"
FILES = {"policy.yaml": b"version: '1'\n", "recognizers/a.yaml": b"\xff\0"}


def publication(number: int) -> Publication:
    return Publication(number, str(number) * 64, T.format(number), "ann", "why: Zoë", number - 1, bytes(64))


@pytest.fixture
def store(installation: Any) -> DatabasePublications:
    return DatabasePublications(installation.database, KEY)


def test_they_come_back_as_they_were(store: DatabasePublications) -> None:
    assert (store.newest(), store.all()) == (None, [])
    for number in (1, 3):
        store.publish(publication(number), FILES)
    assert store.newest() == publication(3)
    assert store.all() == [publication(3), publication(1)]
    assert store.files(publication(1)) == FILES
    assert store.files(publication(2)) is None


@pytest.mark.parametrize("number", [1, 2])
def test_numbers_only_grow(store: DatabasePublications, number: int) -> None:
    store.publish(publication(2), FILES)
    with pytest.raises(StorageError, match="has just published version 2"):
        store.publish(publication(number), FILES)


def test_another_key_opens_nothing(store: DatabasePublications, installation: Any) -> None:
    store.publish(publication(1), FILES)
    assert DatabasePublications(installation.database, bytes(32)).files(publication(1)) is None


def test_what_processes_made_of_them(store: DatabasePublications) -> None:
    store.says("1", "one", taken=1, refused=0, now=T.format(1))
    store.says("2", "two", taken=1, refused=2, now=T.format(2))
    store.says("1", "one", taken=2, refused=0, now=T.format(3))
    assert store.running("") == [PublicationRun("one", 2, 0), PublicationRun("two", 1, 2)]
    assert store.running(T.format(3)) == [PublicationRun("one", 2, 0)]
    store.ended("1")
    assert store.running("") == [PublicationRun("two", 1, 2)]
