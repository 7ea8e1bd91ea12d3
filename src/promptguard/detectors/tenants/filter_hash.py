"""The hash by which the filter knows terms: quick enough for every run of words of a text, and no more than that.

A polynomial hash with secret parameters. It is not strong enough to be stored in the clear, so that the filter made of
it is encrypted in the file, and it decides nothing: what passes is hashed for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from promptguard.detectors.tenants.folding import Codes, Indexes, Numbers
from promptguard.detectors.tenants.terms import MAX_TERM_LENGTH, MAX_WORD_LENGTH

LOW_HALF = np.uint64(0xFFFFFFFF)
_MAX_LENGTH = MAX_TERM_LENGTH * MAX_WORD_LENGTH
_PREPARED: Final = 36_000
"""Characters for which powers are kept: a little more than are filtered at once. Longer texts, of letters that stand
for several, have theirs made."""


class FilterHash:
    """The polynomial hash: of a sequence of letters, or of a bag of words."""

    def __init__(self, parameters: Sequence[int]) -> None:
        """Take eight odd 64-bit numbers."""
        numbers = [np.uint64(each) for each in parameters]
        self._offset, self._factor, base, self._bag_offset, self._bag_factor, self._mix, _, _ = numbers
        self._base, self._inverse = base, np.uint64(pow(int(base), -1, 1 << 64))
        self._powers, self._inverse_powers = _powers(self._base, _PREPARED), _powers(self._inverse, _PREPARED)

    def sequences(self, codes: Codes, lengths: Indexes) -> Numbers:
        """The hash of each of some sequences of characters that stand one after the other in `codes`."""
        if not len(lengths):
            return np.zeros(0, np.uint64)
        begins = np.cumsum(lengths) - lengths
        places = np.minimum(np.arange(len(codes)) - np.repeat(begins, lengths), _MAX_LENGTH)
        values = (codes.astype(np.uint64) + self._offset) * self._factor * self._powers[places]
        return np.asarray(np.add.reduceat(values, begins), np.uint64)

    def strings(self, strings: Iterable[str]) -> Numbers:
        """The hash of each of some strings of letters and digits, none of them empty."""
        listed = list(strings)
        codes = np.frombuffer("".join(listed).encode("utf-32-le"), np.uint32)
        return self.mixed(self.sequences(codes, _lengths(listed)))

    def bags(self, bags: Sequence[Sequence[str]]) -> Numbers:
        """The hash of each of some bags of words."""
        if not bags:
            return np.zeros(0, np.uint64)
        words = [word for bag in bags for word in bag]
        codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
        hashes = self.for_bags(self.sequences(codes, _lengths(words)))
        sizes = _lengths(bags)
        return self.mixed(np.add.reduceat(hashes, np.cumsum(sizes) - sizes))

    def for_bags(self, words: Numbers) -> Numbers:
        """Hashes of words, so that the hash of a bag is their sum."""
        mixed = (words + self._bag_offset) * self._bag_factor
        return (mixed ^ (mixed >> np.uint64(29))) * self._mix

    def mixed(self, hashes: Numbers) -> Numbers:
        """Hashes of which every bit depends on every bit."""
        mixed = (hashes ^ (hashes >> np.uint64(31))) * self._mix
        return mixed ^ (mixed >> np.uint64(32))

    def probes(self, hashes: Numbers) -> tuple[Numbers, Numbers]:
        """Two independent numbers out of each mixed hash: where the first probe goes, and how far it is to the next."""
        return hashes >> np.uint64(32), (hashes & LOW_HALF) | np.uint64(1)

    def prefix_sums(self, codes: Codes) -> tuple[Numbers, Numbers]:
        """Of a sequence of characters the sums up to each place, and what makes a difference of two sums a hash.

        The characters from `begin` to `end` have the hash `(sums[end] - sums[begin]) * scales[begin]`.
        """
        powers, inverse_powers = self._long_powers(len(codes) + 1)
        sums = np.zeros(len(codes) + 1, np.uint64)
        values = (codes + self._offset) * self._factor
        values *= powers[: len(codes)]
        np.cumsum(values, out=sums[1:])
        return sums, inverse_powers

    def _long_powers(self, count: int) -> tuple[Numbers, Numbers]:
        """Powers of the base and of its inverse, at least so many."""
        if count <= len(self._powers):
            return self._powers, self._inverse_powers
        return _powers(self._base, count), _powers(self._inverse, count)


def _lengths(items: Sequence[Sequence[str]]) -> Indexes:
    return np.fromiter(map(len, items), np.int64, len(items))


def _powers(base: np.uint64, count: int) -> Numbers:
    factors = np.full(count, base, np.uint64)
    factors[0] = 1
    return np.multiply.accumulate(factors)
