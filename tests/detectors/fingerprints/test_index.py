from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.detectors.fingerprints import index as module
from promptguard.detectors.fingerprints.index import FingerprintIndex
from promptguard.detectors.fingerprints.store import Details, FingerprintStore, IndexEntry
from promptguard.model import DataClass

type Maker = Callable[..., IndexEntry]


class Shelf:
    """A store in memory."""

    def __init__(self, *entries: IndexEntry) -> None:
        self._entries = entries

    def read(self) -> tuple[IndexEntry, ...]:
        return self._entries

    def size(self) -> int:
        return sum(len(entry.fingerprints) for entry in self._entries)


def made(name: str, values: list[int], *, boilerplate: bool = False) -> IndexEntry:
    """As the fixture `entry`, which hypothesis does not take."""
    details = Details(name, DataClass.SOURCE_CODE, "2026-01-31T08:00:00Z", 1, boilerplate=boilerplate)
    return IndexEntry(details, np.array(sorted(values), dtype=np.uint64))


def spread(*numbers: int) -> list[int]:
    """Numbers as fingerprints that differ in bits that are looked at."""
    return [number * 0x9E3779B97F4A7C15 % 2**64 for number in numbers]


def found(index: FingerprintIndex, *numbers: int) -> list[tuple[int, str]]:
    which, owners = index.lookup(np.array(spread(*numbers), dtype=np.uint64))
    return [(numbers[one], index.owners[owner].name) for one, owner in zip(which, owners, strict=True)]


def load(*entries: IndexEntry, common_in: int = 20) -> FingerprintIndex:
    return FingerprintIndex.load(Shelf(*entries), common_in)  # type: ignore[arg-type]  # has what is used of a store


def test_each_fingerprint_leads_to_its_texts(store: FingerprintStore, entry: Maker) -> None:
    store.put([entry("a", spread(1, 2, 3)), entry("b", spread(3, 4))])
    index = FingerprintIndex.load(store, 20)
    assert len(index) == 5
    assert found(index, 9, 4, 3, 1) == [(4, "b"), (3, "a"), (3, "b"), (1, "a")]


def test_an_empty_index_knows_nothing() -> None:
    index = FingerprintIndex.empty()
    assert len(index) == 0
    assert found(index, 1, 2) == found(index) == []


@pytest.mark.parametrize(("texts", "counts"), [(2, True), (3, False), (4, False)])
def test_what_is_in_many_texts_counts_for_nothing(entry: Maker, texts: int, counts: bool) -> None:
    index = load(*(entry(f"{number}", spread(1, 100 + number)) for number in range(texts)), common_in=2)
    assert bool(found(index, 1)) is counts
    assert len(found(index, *range(100, 100 + texts))) == texts


def test_boilerplate_counts_for_nothing_and_is_no_text(entry: Maker) -> None:
    index = load(entry("a", spread(1, 2)), entry("letterhead", spread(2, 5), boilerplate=True), entry("b", spread(2)))
    assert [details.name for details in index.owners] == ["a", "b"]
    assert found(index, 1, 2, 5) == [(1, "a")]


def test_the_version_is_that_of_what_is_in_it(entry: Maker) -> None:
    versions = [
        load(entry("a", spread(1))).version,
        load(entry("b", spread(1))).version,
        load(entry("a", spread(2))).version,
        load(entry("a", spread(1)), common_in=3).version,
        load(entry("a", spread(1)), entry("x", spread(7), boilerplate=True)).version,
        FingerprintIndex.empty().version,
    ]
    assert len(set(versions)) == len(versions)
    assert load(entry("a", spread(1))).version == versions[0]


def test_more_texts_than_sixteen_bits_can_number(entry: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_OWNER_BITS", 2)
    index = load(*(entry(f"{number}", spread(number, 1000)) for number in range(1, 12)), common_in=100)
    assert found(index, *range(1, 12)) == [(number, f"{number}") for number in range(1, 12)]
    assert len(found(index, 1000)) == 11


@given(st.lists(st.sets(st.integers(1, 60)), max_size=8), st.sets(st.integers(1, 60)), st.integers(1, 4))
def test_as_said_by_sets(texts: list[set[int]], public: set[int], common_in: int) -> None:
    index = load(
        *(made(f"{number}", spread(*text)) for number, text in enumerate(texts)),
        made("public", spread(*public), boilerplate=True),
        common_in=common_in,
    )
    expected = {
        (value, f"{number}")
        for number, text in enumerate(texts)
        for value in text - public
        if sum(value in other for other in texts) <= common_in
    }
    assert set(found(index, *range(1, 61))) == expected


def test_chunks_leave_no_seam(entry: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [entry(f"{number}", spread(*range(number, number + 40))) for number in range(0, 100, 10)]
    whole = load(*entries, common_in=3)
    monkeypatch.setattr(module, "_CHUNK", 16)
    cut = load(*entries, common_in=3)
    assert cut.version == whole.version
    assert len(cut) == len(whole)
    assert found(cut, *range(150)) == found(whole, *range(150)) != []
