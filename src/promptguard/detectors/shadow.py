"""Text as Hyperscan sees it: one byte for each character, so that offsets are the same.

Hyperscan knows ASCII word characters only, and its Unicode mode has no `\\b` and counts bytes. So every character
beyond ASCII becomes one ASCII character of its kind, and regexes are rewritten to match (`hyperscan_syntax`): a letter
becomes `_`, a digit its value, white space a vertical tab, anything else a unit separator. Then `\\b`, `\\w`, `\\d` and
`\\s` say of the shadow what they say of the text in the `regex` module, and a regex matches in the shadow wherever it
matches in the text (and in a few more places, which the recognizer then turns down).
"""

from __future__ import annotations

import functools
import unicodedata

import numpy
import regex

LETTER = ord("_")
SPACE = 0x0B
OTHER = 0x1F

_TABLE_SIZE = 0x20000
"""The Basic and the Supplementary Multilingual Plane. Above it, planes 2 and 3 are letters (ideographs)."""

# The only characters beyond ASCII that match an ASCII letter when case is ignored.
_FOLDED = {"ſ": "s", "\u212a": "k", "ı": "i", "İ": "i"}


def shadow(text: str) -> bytes:
    """`text`, one ASCII byte for each character. Lone surrogates are characters like any other."""
    if text.isascii():
        return text.encode("ascii")
    points = numpy.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=numpy.uint32)
    table = _table()
    return table[numpy.minimum(points, _TABLE_SIZE + 1)].tobytes() if points.max() < 0x20000 else _astral(points, table)


def _astral(points: numpy.ndarray, table: numpy.ndarray) -> bytes:
    letters = (points >= 0x20000) & (points < 0x40000)
    indexes = numpy.where(letters, _TABLE_SIZE, numpy.minimum(points, _TABLE_SIZE + 1))
    return table[indexes].tobytes()


@functools.cache
def _table() -> numpy.ndarray:
    table = numpy.full(_TABLE_SIZE + 2, OTHER, dtype=numpy.uint8)
    table[:128] = numpy.arange(128, dtype=numpy.uint8)
    table[_TABLE_SIZE] = LETTER
    for expression, byte in ((r"\w+", LETTER), (r"\s+", SPACE)):
        for start, end in runs(regex.compile(expression)):
            table[max(start, 128) : max(end, 128)] = byte
    for start, end in runs(regex.compile(r"\d+")):
        for point in range(max(start, 128), end):
            table[point] = 48 + unicodedata.digit(chr(point), 0)
    for character, folded in _FOLDED.items():
        table[ord(character)] = ord(folded)
    return table


@functools.cache
def _characters() -> str:
    return "".join(map(chr, range(_TABLE_SIZE)))


def runs(compiled: regex.Pattern[str]) -> list[tuple[int, int]]:
    """Ranges of code points, of the two planes in the table, that a regex for a run of characters matches."""
    return [match.span() for match in compiled.finditer(_characters())]


def image(compiled: regex.Pattern[str]) -> frozenset[int]:
    """The bytes that stand in a shadow for the characters that a regex for a run of characters matches."""
    table = _table()
    found: set[int] = set()
    for start, end in runs(compiled):
        found.update(numpy.unique(table[start:end]).tolist())
    return frozenset(found)
