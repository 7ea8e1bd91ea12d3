"""Which runs of words in a text may be terms of the index: nearly all that are not fall through, and none that are.

A polynomial hash with secret parameters is quick enough for every run of words of a text. It is not strong enough to
be stored in the clear, so that the filter made of it is encrypted in the file, and it decides nothing: what passes is
hashed for good.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from promptguard.detectors.tenants.folding import Codes, Flags, Indexes, Numbers, Tokens
from promptguard.detectors.tenants.terms import MAX_CODE_LENGTH, MAX_TERM_LENGTH, MAX_WORD_LENGTH, Shape

MAX_BITS_PER_TERM = 16
MIN_BITS_PER_TERM = 8
FRUGAL_BYTES = 64 << 20
"""Size of a filter from which on terms get fewer bits."""
PROBES = 5
"""Bits looked at for each run of words. Of what is not in the index 0.14 % pass with 16 bits a term, 2.2 % with 8."""
MAX_GAP = 4
"""Characters between two words of a term: `Acme,  Inc`."""

_LOW_HALF = np.uint64(0xFFFFFFFF)
_MAX_BYTES = (1 << 29) - 1
"""Of a filter: the number of its bits must fit into half a hash."""
_PORTION = 1 << 20
"""Hashes entered at once, which bounds the memory that it takes."""
_MAX_LENGTH = MAX_TERM_LENGTH * MAX_WORD_LENGTH
_ZERO = ord("0")
_NINE = ord("9")
_SPACE = ord(" ")
_LINE_FEED = ord("\n")
_BETWEEN_GROUPS = np.array([chr(code) in "-_/. ()\u00a0" for code in range(256)], np.bool_)
_MAX_GROUP_GAP = 3


class FilterHash:
    """The polynomial hash: of a sequence of letters, or of a bag of words."""

    def __init__(self, parameters: Sequence[int]) -> None:
        """Take eight odd 64-bit numbers."""
        numbers = [np.uint64(each) for each in parameters]
        self._offset, self._factor, base, self._bag_offset, self._bag_factor, self._mix, _, _ = numbers
        self._powers = _powers(base, _MAX_LENGTH + 1)
        inverse = np.uint64(pow(int(base), -1, 1 << 64))
        self._inverse_powers = _powers(inverse, MAX_WORD_LENGTH + 1)
        # An array of one number, as numpy warns of overflow in single numbers.
        zero = (np.full(1, _ZERO, np.uint64) + self._offset) * self._factor
        sums = np.cumsum(self._powers[:MAX_WORD_LENGTH] * zero, dtype=np.uint64)
        self._zeros = np.concatenate([np.zeros(1, np.uint64), sums])
        """What a number of zeros at the beginning of a word add to its hash."""

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
        return hashes >> np.uint64(32), (hashes & _LOW_HALF) | np.uint64(1)

    def runs(self, tokens: Tokens, shapes: Mapping[Shape, Collection[int]]) -> Iterator[Run]:
        """Mixed hashes of all runs of words that can have one of these shapes, in so many words."""
        whole = self.sequences(tokens.codes, tokens.lengths)
        gaps = tokens.starts[1:] - tokens.ends[:-1]
        near: Flags = gaps <= MAX_GAP
        stripped = self._stripped(tokens, whole)
        everywhere = np.arange(len(tokens))
        if counts := shapes.get(Shape.WORDS):
            yield from self._sequences(tokens, whole, stripped, everywhere, near, counts)
        if counts := shapes.get(Shape.VERBATIM):
            behind = tokens.followers[:-1]
            joined: Flags = (gaps == 1) & (behind != _SPACE) & (behind != _LINE_FEED)
            starts = everywhere if 1 in counts else np.flatnonzero(joined)
            yield from self._sequences(tokens, whole, stripped, starts, joined, counts)
        if shapes.get(Shape.CODE):
            digits = _with_digits(tokens)
            linked = _links(tokens, gaps, digits)
            starts = np.flatnonzero(digits | np.append(linked, False))
            yield from self._sequences(tokens, whole, stripped, starts, linked, range(1, MAX_CODE_LENGTH + 1))
        if counts := shapes.get(Shape.BAG):
            yield from self._bags(self.for_bags(whole), near, counts)

    def _stripped(self, tokens: Tokens, whole: Numbers) -> tuple[Numbers, Indexes]:
        """Hashes of the words without leading zeros if they are numbers, and how long they are then."""
        begins = np.cumsum(tokens.lengths) - tokens.lengths
        padded = (tokens.codes[begins] == _ZERO) & (tokens.lengths > 1)
        if not padded.any():
            return whole, tokens.lengths
        zeros = np.zeros(len(whole), np.int64)
        zeros[padded] = _leading_zeros(tokens.codes[np.repeat(padded, tokens.lengths)], tokens.lengths[padded])
        return (whole - self._zeros[zeros]) * self._inverse_powers[zeros], tokens.lengths - zeros

    def _sequences(
        self,
        tokens: Tokens,
        whole: Numbers,
        stripped: tuple[Numbers, Indexes],
        firsts: Indexes,
        goes_on: Flags,
        counts: Collection[int],
    ) -> Iterator[Run]:
        """Runs that begin with the words `firsts` and go on from word to word where `goes_on` says so."""
        hashes, sizes = stripped[0][firsts], stripped[1][firsts]
        for count in range(1, max(counts) + 1):
            if count > 1:
                last = firsts + (count - 1)
                going = np.flatnonzero(last < len(tokens))
                going = going[goes_on[last[going] - 1]]
                firsts, last, sizes = firsts[going], last[going], sizes[going]
                hashes = hashes[going] + whole[last] * self._powers[np.minimum(sizes, _MAX_LENGTH)]
                sizes = sizes + tokens.lengths[last]
            if not len(firsts):
                return
            if count in counts:
                yield Run(count, firsts, self.mixed(hashes))

    def _bags(self, words: Numbers, near: Flags, counts: Collection[int]) -> Iterator[Run]:
        sums, together = words, np.ones(len(words), np.bool_)
        for count in range(2, min(max(counts), len(words)) + 1):
            sums = sums[:-1] + words[count - 1 :]
            together = together[:-1] & near[count - 2 :]
            if count in counts:
                firsts = np.flatnonzero(together)
                yield Run(-count, firsts, self.mixed(sums[firsts]))


class Run(NamedTuple):
    """Runs of equally many words."""

    words: int
    """How many; negative for bags of them."""
    firsts: Indexes
    hashes: Numbers


def _with_digits(tokens: Tokens) -> Flags:
    begins = np.cumsum(tokens.lengths) - tokens.lengths
    return np.logical_or.reduceat((tokens.codes >= _ZERO) & (tokens.codes <= _NINE), begins)


def _links(tokens: Tokens, gaps: Indexes, digits: Flags) -> Flags:
    """Between which words and the next the groups of an id or phone number may go on.

    A space alone does not join two words without digits: in prose it joins nearly all.
    """
    behind = tokens.followers[:-1]
    signs = _BETWEEN_GROUPS[np.minimum(behind, len(_BETWEEN_GROUPS) - 1)]
    linked: Flags = (gaps <= _MAX_GROUP_GAP) & signs & ((behind != _SPACE) | digits[1:] | digits[:-1])
    return linked


def _lengths(items: Sequence[Sequence[str]]) -> Indexes:
    return np.fromiter(map(len, items), np.int64, len(items))


def _leading_zeros(codes: Codes, lengths: Indexes) -> Indexes:
    """Of each word how many zeros pad it: none if it is no number, and never all of its characters."""
    begins = np.cumsum(lengths) - lengths
    places = np.arange(len(codes)) - np.repeat(begins, lengths)
    zeros = np.minimum.reduceat(np.where(codes == _ZERO, MAX_WORD_LENGTH, places), begins)
    numbers = np.logical_and.reduceat((codes >= _ZERO) & (codes <= _NINE), begins)
    return np.where(numbers, np.minimum(zeros, lengths - 1), 0)


def _powers(base: np.uint64, count: int) -> Numbers:
    factors = np.full(count, base, np.uint64)
    factors[0] = 1
    return np.multiply.accumulate(factors)


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
        runs = list(self._hashing.runs(tokens, self._shapes)) if len(tokens) else []
        if not runs:
            return []
        hashes = np.concatenate([run.hashes for run in runs])
        kept = np.arange(len(hashes))
        place, step = self._hashing.probes(hashes)
        for probe in range(PROBES):
            if probe:
                place = place + step
            byte, bit = _addresses(place, len(self._bits))
            passed = np.flatnonzero(self._bits[byte] & bit)
            kept, place, step = kept[passed], place[passed], step[passed]
        counts = np.repeat([run.words for run in runs], [len(run.firsts) for run in runs])
        firsts = np.concatenate([run.firsts for run in runs])
        return list(zip(firsts[kept].tolist(), counts[kept].tolist(), strict=True))


def _size(terms: int) -> int:
    """Bytes of a filter: generous to a small index, frugal with a large one."""
    bits = min(MAX_BITS_PER_TERM, max(MIN_BITS_PER_TERM, FRUGAL_BYTES * 8 // max(1, terms)))
    return min(max(8, terms * bits // 8), _MAX_BYTES)


def _addresses(place: Numbers, size: int) -> tuple[Numbers, npt.NDArray[np.uint8]]:
    """The byte, and the bit in it, that each number stands for in a filter of `size` bytes."""
    position = ((place & _LOW_HALF) * np.uint64(size * 8)) >> np.uint64(32)
    return position >> np.uint64(3), np.left_shift(np.uint8(1), (position & np.uint64(7)).astype(np.uint8))
