"""Which runs of words in a text may be terms of the index: nearly all that are not fall through, and none that are."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt

from promptguard.detectors.tenants.filter_hash import LOW_HALF, FilterHash
from promptguard.detectors.tenants.folding import Indexes, Numbers, Tokens
from promptguard.detectors.tenants.terms import Shape
from promptguard.detectors.tenants.word_runs import word_runs

MAX_BITS_PER_TERM = 16
MIN_BITS_PER_TERM = 8
FRUGAL_BYTES = 64 << 20
"""Size of a filter from which on terms get fewer bits."""
PROBES = 5
"""Bits looked at for each run of words. Of what is not in the index 0.14 % pass with 16 bits a term, 2.2 % with 8."""

_MAX_BYTES = (1 << 29) - 1
"""Of a filter: the number of its bits must fit into half a hash."""
_PORTION = 1 << 20
"""Hashes entered at once, which bounds the memory that it takes."""


class BloomFilter:
    """A Bloom filter over the filter hashes of all terms."""

    def __init__(
        self, hashing: FilterHash, bits: npt.NDArray[np.uint8], shapes: Mapping[Shape, Collection[int]]
    ) -> None:
        """Take what was built.

        Args:
            hashing: with the parameters that it was built with.
            bits: the filter.
            shapes: what shapes terms have, and of each in how many words they stand.
        """
        self._hashing = hashing
        self._bits = bits
        self._shapes = {shape: frozenset(words) for shape, words in shapes.items()}

    @staticmethod
    def fill(hashing: FilterHash, hashes: Numbers) -> npt.NDArray[np.uint8]:
        """The filter of these mixed hashes."""
        bits = np.zeros(_size(len(hashes)), np.uint8)
        for begin in range(0, len(hashes), _PORTION):
            place, step = hashing.probes(hashes[begin : begin + _PORTION])
            for _ in range(PROBES):
                byte, bit = _addresses(place, len(bits))
                np.bitwise_or.at(bits, byte, bit)
                place = place + step
        return bits

    def candidates(self, tokens: Tokens) -> list[tuple[int, int]]:
        """The first word and the number of words of each run that may be a term; negative for a bag of words."""
        runs = list(word_runs(tokens, self._shapes, self._hashing))
        if not runs:
            return []
        hashes = self._hashing.mixed(np.concatenate([run.hashes for run in runs]))
        kept = self._passing(hashes >> np.uint64(32))
        place, step = self._hashing.probes(hashes[kept])
        for _ in range(PROBES - 1):
            place = place + step
            passed = self._passing(place)
            kept, place, step = kept[passed], place[passed], step[passed]
        ends = np.cumsum([len(run.firsts) for run in runs])
        found = []
        for index, number in zip(kept.tolist(), np.searchsorted(ends, kept, "right").tolist(), strict=True):
            run = runs[number]
            found.append((int(run.firsts[index - int(ends[number])]), run.words))
        return found

    def _passing(self, places: Numbers) -> Indexes:
        """The indexes of those that have their bit in the filter."""
        # Numbers that are signed are indexes as they are, and quicker for it.
        position = _position(places, len(self._bits)).view(np.int64)
        shifted = self._bits.take(position >> 3) >> (position & 7).astype(np.uint8)
        return np.flatnonzero((shifted & np.uint8(1)).view(np.bool_))


def _size(terms: int) -> int:
    """Bytes of a filter: generous to a small index, frugal with a large one."""
    bits = min(MAX_BITS_PER_TERM, max(MIN_BITS_PER_TERM, FRUGAL_BYTES * 8 // max(1, terms)))
    return min(max(8, terms * bits // 8), _MAX_BYTES)


def _addresses(place: Numbers, size: int) -> tuple[Numbers, npt.NDArray[np.uint8]]:
    """The byte, and the bit in it, that each number stands for in a filter of `size` bytes."""
    position = _position(place, size)
    return position >> np.uint64(3), np.left_shift(np.uint8(1), (position & np.uint64(7)).astype(np.uint8))


def _position(place: Numbers, size: int) -> Numbers:
    """The bit that the lower half of each number stands for in a filter of `size` bytes."""
    return ((place & LOW_HALF) * np.uint64(size * 8)) >> np.uint64(32)
