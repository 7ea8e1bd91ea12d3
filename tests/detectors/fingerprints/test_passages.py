from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from promptguard.detectors.fingerprints.index import FingerprintIndex
from promptguard.detectors.fingerprints.passages import Passage, find_passages
from promptguard.detectors.fingerprints.scheme import DOCUMENTS
from promptguard.detectors.fingerprints.store import FingerprintStore, IndexEntry
from promptguard.detectors.fingerprints.winnowing import Fingerprints

type Maker = Callable[..., IndexEntry]

K = DOCUMENTS.k
"""24; a passage covers 48 normalised characters and 70 as they stand."""
STEP = 10


def value(number: int) -> int:
    return number * 0x9E3779B97F4A7C15 % 2**64


def passages(index: FingerprintIndex, hits: list[tuple[int, int]], *, spacing: int = 2) -> list[tuple[str, int, int]]:
    """Passages by name, start and end, of a text with these (position, fingerprint) in it.

    `spacing` is how many characters of text there are for one that is normalised.
    """
    starts = np.array([start for start, _ in hits], dtype=np.int64)
    values = np.array([value(number) for _, number in hits], dtype=np.uint64)
    positions = np.arange(5_000, dtype=np.int32) * spacing
    found = find_passages(index, Fingerprints(starts, values), positions, DOCUMENTS)
    return [(index.owners[one.owner].name, one.start, one.end) for one in found]


def run(start: int, count: int, first: int = 1) -> list[tuple[int, int]]:
    """Fingerprints one after another, every `STEP` characters."""
    return [(start + STEP * number, first + number) for number in range(count)]


@pytest.fixture
def index(store: FingerprintStore, entry: Maker) -> FingerprintIndex:
    numbers = {"a": range(1, 41), "b": range(31, 61), "newer": range(31, 61)}
    store.put(entry(name, [value(number) for number in own]) for name, own in numbers.items())
    return FingerprintIndex.load(store, 20)


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        ([], []),
        ([(5, 99), (40, 98)], []),
        # 24 + 10 + 10 are less than 48, and another 10 are enough.
        (run(100, 3), []),
        (run(100, 4), [("a", 100, 154)]),
        (run(100, 8), [("a", 100, 194)]),
        # Strangers in between, and edits no wider than the gap.
        ([(100, 1), (105, 99), (110, 2), (195, 3)], [("a", 100, 219)]),
        ([(100, 1), (100 + K + 71, 2), (1_000, 3)], []),
        # Two passages far from each other.
        (run(100, 5) + run(1_000, 5, 11), [("a", 100, 164), ("a", 1_000, 1_064)]),
        # One phrase again and again is no passage.
        ([(100 + 30 * number, 1) for number in range(20)], []),
        # Of equals the one that was added last.
        (run(100, 6, 50), [("newer", 100, 174)]),
        # Where one ends and another goes on.
        (run(100, 10, 26), [("a", 100, 214)]),
        (run(100, 40, 21), [("a", 100, 200), ("newer", 200, 514)]),
    ],
)
def test_passages(index: FingerprintIndex, hits: list[tuple[int, int]], expected: list[tuple[str, int, int]]) -> None:
    assert passages(index, hits) == expected


@pytest.mark.parametrize(("count", "found"), [(5, False), (6, True)])
def test_a_short_quote_is_none_however_many_letters_it_has(index: FingerprintIndex, count: int, found: bool) -> None:
    """Written without spaces: 64 characters, and 74."""
    assert bool(passages(index, run(100, count), spacing=1)) is found


def test_covered_counts_each_character_once(index: FingerprintIndex) -> None:
    hits = [*run(100, 4), (300, 99)]
    fingerprints = Fingerprints(np.array([s for s, _ in hits]), np.array([value(n) for _, n in hits], dtype=np.uint64))
    found = find_passages(index, fingerprints, np.arange(1_000) * 2, DOCUMENTS)
    assert found == [Passage(owner=0, start=100, end=154, covered=54)]
