"""The form in which texts are compared: letters and digits that survive reflowing, copying out of PDF and retyping.

Everything is done on arrays of code points, so that 10 MB take a fraction of a second, and every remaining character
knows where it stood.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import regex

_LAST = 0x1D800
"""Where the mathematical letters end: from here on only the ideographs of planes 2 and 3 are not dropped."""
_EXPANDED = 0xFFFF
"""In the table: this code point becomes several. U+FFFF itself is no character."""
_BLOCK = 1 << 18
"""Characters worked on at once: bounds the memory that a long text takes meanwhile."""

# Every code point in these ranges is a letter that stands for itself: ideographs but for the compatible ones, Hangul.
_PLAIN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xAC00, 0xD7A4))
_IDEOGRAPHS = (0x20000, 0x3FFFF)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text as it is compared."""

    codes: np.ndarray
    """The characters that count, one `uint16` each."""
    positions: np.ndarray
    """Where each of them stands in the text (`int32`); several may come from one character."""

    def __len__(self) -> int:
        return len(self.codes)


class Normaliser:
    """Folds letters and digits, and drops what changes on the way from a document into a prompt.

    Letters lose case, accents and width (NFKC and case folding, the Unicode standard's chapters 3.11 and 3.13), and
    ligatures become letters again. White space, line breaks, hyphens, quotation marks, dashes, Markdown and all other
    signs go, unless they are in `kept`.
    """

    def __init__(self, kept: str = "", ignored_lines: regex.Pattern[str] | None = None) -> None:
        """`kept` are signs (ASCII) that count too; text that `ignored_lines` matches does not count."""
        self._kept = kept
        self._ignored_lines = ignored_lines

    def __call__(self, text: str) -> Normalised:
        """The comparable form of `text`, in time proportional to its length."""
        codes, positions = [], []
        for start in range(0, len(text), _BLOCK):
            block_codes, block_positions = self._block(text[start : start + _BLOCK])
            codes.append(block_codes)
            positions.append(block_positions + np.int32(start))
        if not codes:
            return Normalised(np.empty(0, np.uint16), np.empty(0, np.int32))
        normalised = Normalised(np.concatenate(codes), np.concatenate(positions))
        if self._ignored_lines is None:
            return normalised
        return self._without_ignored_lines(text, normalised)

    def _block(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        table = self._table
        if text.isascii():
            codes = table.codes[points]
        else:
            codes = table.codes[np.minimum(points, _LAST)]
            ideographs = (points >= _IDEOGRAPHS[0]) & (points <= _IDEOGRAPHS[1])
            # Codes have 16 bits: these share theirs with other ideographs, which is as good for comparing.
            codes[ideographs] = (points[ideographs] & 0x3FFF) + 0x4E00
            if (codes == _EXPANDED).any():
                return table.expand(points, codes)
        positions = np.flatnonzero(codes)
        return codes[positions], positions.astype(np.int32)

    def _without_ignored_lines(self, text: str, normalised: Normalised) -> Normalised:
        assert self._ignored_lines is not None
        spans = np.array([match.span() for match in self._ignored_lines.finditer(text)], dtype=np.int32)
        if not len(spans):
            return normalised
        # A character stands outside of all spans if as many have ended before it as have begun.
        begun = np.searchsorted(spans[:, 0], normalised.positions, side="right")
        ended = np.searchsorted(spans[:, 1], normalised.positions, side="right")
        keep = begun == ended
        return Normalised(normalised.codes[keep], normalised.positions[keep])

    @cached_property
    def _table(self) -> _Folding:
        return _Folding(self._kept)


class _Folding:
    """What each code point becomes. Made when it is first needed, in some 50 ms."""

    def __init__(self, kept: str) -> None:
        self.codes = np.zeros(_LAST + 1, dtype=np.uint16)
        """0 for what is dropped, `_EXPANDED` for what becomes several characters."""
        several: list[tuple[int, list[int]]] = []
        for point, folded in _foldings():
            if len(folded) == 1:
                self.codes[point] = folded[0]
            elif folded:
                several.append((point, folded))
        for plain in _PLAIN:
            self.codes[plain.start : plain.stop] = np.arange(plain.start, plain.stop, dtype=np.uint16)
        for sign in kept:
            self.codes[ord(sign)] = ord(sign)
        for point, _ in several:
            self.codes[point] = _EXPANDED
        self._points = np.array([point for point, _ in several], dtype=np.uint32)
        lengths = np.array([len(folded) for _, folded in several], dtype=np.int64)
        self._lengths = lengths
        self._starts = np.cumsum(lengths) - lengths
        self._expansions = np.array([code for _, folded in several for code in folded], dtype=np.uint16)

    def expand(self, points: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Codes and positions of a text in which some characters become several."""
        several = np.flatnonzero(codes == _EXPANDED)
        which = np.searchsorted(self._points, points[several])
        counts = (codes != 0).astype(np.int64)
        counts[several] = self._lengths[which]
        positions = np.repeat(np.arange(len(codes)), counts)
        expanded = codes[positions]
        # For each character in `several`, the numbers 0, 1, … up to its length, in one array.
        lengths = self._lengths[which]
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        targets = np.repeat((np.cumsum(counts) - counts)[several], lengths) + within
        expanded[targets] = self._expansions[np.repeat(self._starts[which], lengths) + within]
        return expanded, positions.astype(np.int32)


def _foldings() -> Iterator[tuple[int, list[int]]]:
    """Code points below `_LAST` and what they become, in order; those that become nothing and `_PLAIN` are left out."""
    for points in (range(0x3400), range(0x4DC0, 0x4E00), range(0xA000, 0xAC00), range(0xF900, _EXPANDED)):
        yield from _folded(points)
    yield from _folded(range(0x1D400, _LAST))


def _folded(points: range) -> Iterator[tuple[int, list[int]]]:
    for point in points:
        character = chr(point)
        folded = unicodedata.normalize("NFKC", character).casefold()
        # Hangul syllables fall apart into letters in NFD, where all others lose accents only.
        letters = "".join(c if "\uac00" <= c <= "\ud7a3" else unicodedata.normalize("NFD", c) for c in folded)
        codes = [ord(letter) & 0xFFFF for letter in letters if letter.isalnum()]
        if codes:
            yield point, codes
