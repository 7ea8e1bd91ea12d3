"""Text as Hyperscan sees it: one byte for each character, so that offsets are the same.

Hyperscan knows ASCII word characters only, and its Unicode mode has no `\\b` and counts bytes. So every character
beyond ASCII becomes one ASCII character of its kind, and regexes are rewritten to match (`hyperscan_syntax`): a letter
becomes `_`, a digit its value, white space a vertical tab, anything else a unit separator. Then `\\b`, `\\w`, `\\d` and
`\\s` say of the projection what they say of the text in the `regex` module, and a regex matches in it wherever it
matches in the text (and in a few more places, which the recognizer then turns down).
"""

from __future__ import annotations

import functools
import sys
import unicodedata

import numpy
import regex

LETTER = ord("_")
SPACE = 0x0B
OTHER = 0x1F

_CODE_POINTS = sys.maxunicode + 1

_SAMPLED = 0x20000
"""Code points that are tried on a class of characters: the Basic and the Supplementary Multilingual Plane."""

# The only characters beyond ASCII that match an ASCII letter when case is ignored.
_FOLDED = {"ſ": "s", "\u212a": "k", "ı": "i", "İ": "i"}


def ascii_projection(text: str) -> bytes:
    """`text`, one ASCII byte for each character. Lone surrogates are characters like any other."""
    if text.isascii():
        return text.encode("ascii")
    points = numpy.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=numpy.uint32)
    return _table()[points].tobytes()


@functools.cache
def _table() -> numpy.ndarray[tuple[int], numpy.dtype[numpy.uint8]]:
    """The byte for every code point: 1.1 MB, made once."""
    characters = "".join(map(chr, range(_CODE_POINTS)))
    table = numpy.full(_CODE_POINTS, OTHER, dtype=numpy.uint8)
    for expression, byte in ((r"\w+", LETTER), (r"\s+", SPACE)):
        for start, end in _runs(regex.compile(expression), characters):
            table[start:end] = byte
    for start, end in _runs(regex.compile(r"\d+"), characters):
        table[start:end] = [48 + unicodedata.digit(character, 0) for character in characters[start:end]]
    table[:128] = numpy.arange(128, dtype=numpy.uint8)
    for character, folded in _FOLDED.items():
        table[ord(character)] = ord(folded)
    return table


@functools.cache
def _sample() -> str:
    return "".join(map(chr, range(_SAMPLED)))


def _runs(compiled: regex.Pattern[str], characters: str) -> list[tuple[int, int]]:
    return [match.span() for match in compiled.finditer(characters)]


def image(compiled: regex.Pattern[str]) -> frozenset[int]:
    """The bytes that stand in projections for the characters that a regex for a run of characters matches.

    Empty for a class that has characters beyond the first two planes alone.
    """
    table = _table()
    found: set[int] = set()
    for start, end in _runs(compiled, _sample()):
        found.update(numpy.unique(table[start:end]).tolist())
    return frozenset(found)
