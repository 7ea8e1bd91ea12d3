"""Which runs of words in a text may be terms of the index: nearly all that are not fall through, and none that are."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt

from promptguard.detectors.tenants.filter_hash import LOW_HALF, FilterHash
from promptguard.detectors.tenants.folding import Flags, Indexes, Numbers, Tokens
from promptguard.detectors.tenants.terms import Shape
from promptguard.detectors.tenants.word_runs import word_runs

MAX_BITS_PER_TERM = 16
MIN_BITS_PER_TERM = 8
FRUGAL_BYTES = 64 << 20
"""Size of a filter from which on terms get fewer bits."""
PROBES = 5
"""Bits looked at for each run of words. Of what is not in the index 0.14 % pass with 16 bits a term, 2.2 % with 8."""
PROBES_OF_BEGINNINGS = 3
"""The same for two words that a term may begin with, with 8 bits each: 3 % of others pass. They are looked up first,
and only what passes is followed to the length of a term."""

_MAX_BYTES = (1 << 29) - 1
"""Of a filter: the number of its bits must fit into half a hash."""
_PORTION = 1 << 20
"""Hashes entered at once, which bounds the memory that it takes."""


class BloomFilter:
    """A Bloom filter over the filter hashes of all terms."""

    def __init__(
        self,
        hashing: FilterHash,
        bits: npt.NDArray[np.uint8],
        shapes: Mapping[Shape, Collection[int]],
        beginnings: npt.NDArray[np.uint8] | None = None,
    ) -> None:
        """Take what was built.

        Args:
            hashing: with the parameters that it was built with.
            bits: the filter.
            shapes: what shapes terms have, and of each in how many words they stand.
            beginnings: the filter of the beginnings of terms; None where the index was built without one.
        """
        self._hashing = hashing
        self._bits = bits
        self._beginnings = beginnings
        self._shapes = {shape: frozenset(words) for shape, words in shapes.items()}

    @staticmethod
    def fill(hashing: FilterHash, hashes: Numbers) -> npt.NDArray[np.uint8]:
        """The filter of these mixed hashes of terms."""
        return BloomFilter._filled(hashing, hashes, _size(len(hashes), MAX_BITS_PER_TERM), PROBES)

    @staticmethod
    def fill_beginnings(hashing: FilterHash, hashes: Numbers) -> npt.NDArray[np.uint8]:
        """The filter of these mixed hashes of beginnings."""
        return BloomFilter._filled(hashing, hashes, _size(len(hashes), MIN_BITS_PER_TERM), PROBES_OF_BEGINNINGS)

    @staticmethod
    def _filled(hashing: FilterHash, hashes: Numbers, size: int, probes: int) -> npt.NDArray[np.uint8]:
        bits = np.zeros(size, np.uint8)
        for begin in range(0, len(hashes), _PORTION):
            place, step = hashing.probes(hashes[begin : begin + _PORTION])
            for _ in range(probes):
                byte, bit = _addresses(place, len(bits))
                np.bitwise_or.at(bits, byte, bit)
                place = place + step
        return bits

    def candidates(self, tokens: Tokens) -> list[tuple[int, int]]:
        """The first word and the number of words of each run that may be a term; negative for a bag of words."""
        begins_term = None if self._beginnings is None else self._begin_terms
        runs = list(word_runs(tokens, self._shapes, self._hashing, begins_term))
        if not runs:
            return []
        hashes = self._hashing.mixed(np.concatenate([run.hashes for run in runs]))
        kept = self._passing(self._bits, hashes, PROBES)
        ends = np.cumsum([len(run.firsts) for run in runs])
        found = []
        for index, number in zip(kept.tolist(), np.searchsorted(ends, kept, "right").tolist(), strict=True):
            run = runs[number]
            found.append((int(run.firsts[index - int(ends[number])]), run.words))
        return found

    def _begin_terms(self, hashes: Numbers) -> Indexes:
        """The indexes of those hashes of two words, not mixed yet, that terms may begin with."""
        assert self._beginnings is not None
        return self._passing(self._beginnings, self._hashing.mixed(hashes), PROBES_OF_BEGINNINGS)

    def _passing(self, bits: npt.NDArray[np.uint8], hashes: Numbers, probes: int) -> Indexes:
        """The indexes of those mixed hashes that pass a filter."""
        # Most fall through at the first probe; for the few that are left, all others are made at once.
        kept = np.flatnonzero(_set(bits, hashes >> np.uint64(32)))
        place, step = self._hashing.probes(hashes[kept])
        numbers: Numbers = np.arange(1, probes, dtype=np.uint64)
        others: Numbers = place[:, np.newaxis] + step[:, np.newaxis] * numbers
        return kept[_set(bits, others).all(axis=1)]


def _set(bits: npt.NDArray[np.uint8], places: Numbers) -> Flags:
    """Which places have their bit in a filter."""
    # Numbers that are signed are indexes as they are, and quicker for it.
    position = _position(places, len(bits)).view(np.int64)
    shifted = bits.take(position >> 3) >> (position & 7).astype(np.uint8)
    return (shifted & np.uint8(1)).view(np.bool_)


def _size(terms: int, most: int) -> int:
    """Bytes of a filter with so many bits a term at most: generous to a small index, frugal with a large one."""
    bits = min(most, max(MIN_BITS_PER_TERM, FRUGAL_BYTES * 8 // max(1, terms)))
    return min(max(8, terms * bits // 8), _MAX_BYTES)


def _addresses(place: Numbers, size: int) -> tuple[Numbers, npt.NDArray[np.uint8]]:
    """The byte, and the bit in it, that each number stands for in a filter of `size` bytes."""
    position = _position(place, size)
    return position >> np.uint64(3), np.left_shift(np.uint8(1), (position & np.uint64(7)).astype(np.uint8))


def _position(place: Numbers, size: int) -> Numbers:
    """The bit that the lower half of each number stands for in a filter of `size` bytes."""
    return ((place & LOW_HALF) * np.uint64(size * 8)) >> np.uint64(32)
