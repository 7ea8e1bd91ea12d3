"""A set of many words in a fifth of the memory of Python's own, for lists that are only asked what is in them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable


class WordSet:
    """Which words are in a list.

    It keeps the hashes of the words (64 bits, SipHash under a key of the process) in an open-addressed table, and not
    the words themselves: 16 to 32 bytes a word, where a `frozenset` of strings has about 100. That another word has the
    hash of one of a hundred thousand is as likely as one in 10^14. A look takes half a microsecond.
    """

    __slots__ = ("_mask", "_table")

    def __init__(self, words: Iterable[str]) -> None:
        """Take the words; those that are there twice count once."""
        hashes = {_hash(word) for word in words}
        # Half of it stays empty, so that a word's place is near; a power of two, so that a mask finds it.
        size = 1 << (2 * len(hashes)).bit_length()
        mask = self._mask = size - 1
        table = self._table = array("q", bytes(8 * size))
        for value in hashes:
            place = value & mask
            while table[place]:
                place = (place + 1) & mask
            table[place] = value

    def __contains__(self, word: object) -> bool:
        """Whether a word is in the list."""
        # As in `_hash`: a call would take as long as all of the rest.
        wanted = hash(word) or 1
        table, mask = self._table, self._mask
        place = wanted & mask
        while found := table[place]:
            if found == wanted:
                return True
            place = (place + 1) & mask
        return False


def _hash(word: str) -> int:
    """Never 0, which marks an empty place."""
    return hash(word) or 1
