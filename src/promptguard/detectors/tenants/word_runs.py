"""The runs of words in a text that can have the shape of a term, and the filter's hash of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from promptguard.detectors.tenants.filter_hash import FilterHash
from promptguard.detectors.tenants.folding import Codes, Flags, Indexes, Numbers, Tokens
from promptguard.detectors.tenants.terms import MAX_CODE_LENGTH, MAX_WORD_LENGTH, Shape

MAX_GAP = 4
"""Characters between two words of a term: `Acme,  Inc`."""

_ZERO = ord("0")
_NINE = ord("9")
_SPACE = ord(" ")
_LINE_FEED = ord("\n")
_BETWEEN_GROUPS = np.array([chr(code) in "-_/. ()\u00a0" for code in range(256)], np.bool_)
_MAX_GROUP_GAP = 3


class Run(NamedTuple):
    """Runs of equally many words."""

    words: int
    """How many; negative for bags of them."""
    firsts: Indexes
    hashes: Numbers
    """Before they are mixed: that is done for all runs of a text at once."""


class _Words:
    """The words of a text, so that every run of them has its hash by one subtraction and one multiplication."""

    def __init__(self, tokens: Tokens, hashing: FilterHash) -> None:
        self.tokens = tokens
        self.gaps: Indexes = tokens.starts[1:] - tokens.ends[:-1]
        sums, scales = hashing.prefix_sums(tokens.codes)
        ends = np.cumsum(tokens.lengths)
        self.begins: Indexes = ends - tokens.lengths
        self._ends: Numbers = sums[ends]
        firsts = self.begins + _padding(tokens, self.begins)
        self._sums: Numbers = sums[firsts]
        self._scales: Numbers = scales[firsts]
        self.whole: Numbers = (self._ends - sums[self.begins]) * scales[self.begins]
        """Hashes of the words with the zeros that pad them."""

    def __len__(self) -> int:
        return len(self._ends)

    def everywhere(self, count: int) -> Numbers:
        """The hashes of the runs of so many words that begin with each word, as far as there are as many."""
        firsts = slice(0, len(self) - count + 1)
        return (self._ends[count - 1 :] - self._sums[firsts]) * self._scales[firsts]

    def between(self, firsts: Indexes, lasts: Indexes) -> Numbers:
        """The hashes of the runs from each of `firsts` to each of `lasts`."""
        return (self._ends[lasts] - self._sums[firsts]) * self._scales[firsts]


def word_runs(
    tokens: Tokens,
    shapes: Mapping[Shape, Collection[int]],
    hashing: FilterHash,
    begins_term: Callable[[Numbers], Indexes] | None = None,
) -> Iterator[Run]:
    """All runs of words that can have one of these shapes, in so many words.

    Args:
        tokens: the words of a text.
        shapes: what shapes terms have, and of each in how many words they stand.
        hashing: how runs are hashed.
        begins_term: takes hashes of two words, and says which of them a term of words that follow each other may begin
            with; None if any may.
    """
    if not len(tokens):
        return
    words = _Words(tokens, hashing)
    near: Flags = words.gaps <= MAX_GAP
    if counts := shapes.get(Shape.WORDS):
        if begins_term is None:
            yield from _following(words, near, counts)
        else:
            yield from _begun(words, near, counts, begins_term)
    if counts := shapes.get(Shape.VERBATIM):
        behind = tokens.followers[:-1]
        joined: Flags = (words.gaps == 1) & (behind != _SPACE) & (behind != _LINE_FEED)
        starts = np.arange(len(tokens)) if 1 in counts else np.flatnonzero(joined)
        yield from _sparse(words, starts, joined, counts)
    if shapes.get(Shape.CODE):
        digits = _with_digits(tokens.codes, words.begins)
        linked = _links(tokens, words.gaps, digits)
        starts = np.flatnonzero(digits | np.append(linked, False))
        yield from _sparse(words, starts, linked, range(1, MAX_CODE_LENGTH + 1))
    if counts := shapes.get(Shape.BAG):
        yield from _bags(hashing.for_bags(words.whole), near, counts)


def _following(words: _Words, near: Flags, counts: Collection[int]) -> Iterator[Run]:
    """Runs that begin anywhere, of words close to each other."""
    together = np.ones(len(words), np.bool_)
    for count in range(1, min(max(counts), len(words)) + 1):
        if count > 1:
            together = together[:-1] & near[count - 2 :]
        if count in counts:
            firsts = np.flatnonzero(together)
            if not len(firsts):
                return
            yield Run(count, firsts, words.everywhere(count)[firsts])


def _begun(
    words: _Words, near: Flags, counts: Collection[int], begins_term: Callable[[Numbers], Indexes]
) -> Iterator[Run]:
    """The same where the first two words may begin a term: nearly all runs of a text do not."""
    if 1 in counts:
        yield from _following(words, near, (1,))
    longer = [count for count in counts if count > 1]
    if longer and len(words) > 1:
        firsts = np.flatnonzero(near)
        yield from _sparse(words, firsts[begins_term(words.everywhere(2)[firsts])], near, longer)


def _sparse(words: _Words, firsts: Indexes, goes_on: Flags, counts: Collection[int]) -> Iterator[Run]:
    """Runs that begin with the words `firsts` and go on from word to word where `goes_on` says so."""
    for count in range(1, max(counts) + 1):
        if count > 1:
            firsts = firsts[firsts < len(words) - count + 1]
            firsts = firsts[goes_on[firsts + (count - 2)]]
        if not len(firsts):
            return
        if count in counts:
            yield Run(count, firsts, words.between(firsts, firsts + (count - 1)))


def _bags(words: Numbers, near: Flags, counts: Collection[int]) -> Iterator[Run]:
    sums, together = words, np.ones(len(words), np.bool_)
    for count in range(2, min(max(counts), len(words)) + 1):
        sums = sums[:-1] + words[count - 1 :]
        together = together[:-1] & near[count - 2 :]
        if count in counts:
            firsts = np.flatnonzero(together)
            yield Run(-count, firsts, sums[firsts])


def _padding(tokens: Tokens, begins: Indexes) -> Indexes:
    """Of each word how many zeros pad it: none if it is no number, and never all of its characters."""
    zeros = np.zeros(len(tokens), np.int64)
    padded = (tokens.codes[begins] == _ZERO) & (tokens.lengths > 1)
    if padded.any():
        zeros[padded] = _leading_zeros(tokens.codes[np.repeat(padded, tokens.lengths)], tokens.lengths[padded])
    return zeros


def _leading_zeros(codes: Codes, lengths: Indexes) -> Indexes:
    begins = np.cumsum(lengths) - lengths
    places = np.arange(len(codes)) - np.repeat(begins, lengths)
    zeros = np.minimum.reduceat(np.where(codes == _ZERO, MAX_WORD_LENGTH, places), begins)
    numbers = np.logical_and.reduceat((codes >= _ZERO) & (codes <= _NINE), begins)
    return np.where(numbers, np.minimum(zeros, lengths - 1), 0)


def _with_digits(codes: Codes, begins: Indexes) -> Flags:
    return np.logical_or.reduceat((codes >= _ZERO) & (codes <= _NINE), begins)


def _links(tokens: Tokens, gaps: Indexes, digits: Flags) -> Flags:
    """Between which words and the next the groups of an id or phone number may go on.

    A space alone does not join two words without digits: in prose it joins nearly all.
    """
    behind = tokens.followers[:-1]
    signs = _BETWEEN_GROUPS[np.minimum(behind, len(_BETWEEN_GROUPS) - 1)]
    linked: Flags = (gaps <= _MAX_GROUP_GAP) & signs & ((behind != _SPACE) | digits[1:] | digits[:-1])
    return linked
