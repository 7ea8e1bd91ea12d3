"""Of every character what can be hidden with it: a class, named by an ASCII character."""

from __future__ import annotations

import functools
import unicodedata

import numpy

from promptguard.detectors.deobfuscation.confusables import DASHES, LOOKALIKES, SPACES, compatible
from promptguard.detectors.deobfuscation.numerals import NUMERALS

WORD, DIGIT, COMPOSED, HIDDEN, LOOKALIKE, FORM, MARK, TAG, SPACE, DASH, NUMERAL, OTHER = b"a0ciLFmtsdn."

_INVISIBLE = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f"
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2065\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f"
    "\u2800\u3164\ufeff\uffa0\ufffc\ufff9\ufffa\ufffb" + "".join(map(chr, range(0xFE00, 0xFE10)))
)
"""Unicode's Default_Ignorable_Code_Point (UAX #44), and marks of direction; tags and long selectors stand apart."""
TAGS = range(0xE0000, 0xE0080)
"""Tag characters: ASCII that nobody sees (Unicode 23.9). Also the flags of England, Scotland and Wales."""
_COMPOSED = (range(0xC0, 0x250), range(0x1E00, 0x1F00), range(0x212B, 0x212C))
"""Where letters stand that are a letter of ASCII and an accent: Latin, in four blocks, and the sign of the angstrom."""
_SELECTORS = range(0xE0100, 0xE01F0)


def unicode_classes(text: str) -> bytes:
    """One ASCII byte for each character, that says what can be hidden with it."""
    try:
        return text.encode("latin-1").translate(_latin1_table())
    except UnicodeEncodeError:
        points = numpy.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=numpy.uint32)
        return table().take(points, mode="clip").tobytes()


@functools.cache
def _latin1_table() -> bytes:
    return table()[:256].tobytes()


@functools.cache
def table() -> numpy.ndarray[tuple[int], numpy.dtype[numpy.uint8]]:
    """The class of every code point: 1.1 MB, made once."""
    classes = numpy.full(0x110000, OTHER, dtype=numpy.uint8)
    for point in range(0x80):
        if chr(point).isalnum():
            classes[point] = DIGIT if chr(point).isdigit() else WORD
    classes[[point for block in _COMPOSED for point in block if _is_composed(chr(point))]] = COMPOSED
    for characters, kind in (
        (compatible(), FORM),
        (LOOKALIKES, LOOKALIKE),
        (_INVISIBLE, HIDDEN),
        (SPACES, SPACE),
        (DASHES, DASH),
        (NUMERALS, NUMERAL),
    ):
        classes[[ord(character) for character in characters]] = kind
    marks = [point for point in range(0x300, 0x20000) if unicodedata.category(chr(point)) in {"Mn", "Me"}]
    classes[[point for point in marks if unicodedata.bidirectional(chr(point)) == "NSM" and _latin_mark(point)]] = MARK
    classes[TAGS.start : TAGS.stop] = TAG
    classes[_SELECTORS.start : _SELECTORS.stop] = HIDDEN
    return classes


def _is_composed(character: str) -> bool:
    """Whether a character is a letter of ASCII and its accent in one."""
    decomposed = unicodedata.normalize("NFD", character)
    return len(decomposed) > 1 and decomposed[0].isascii() and decomposed[0].isalpha()


def _latin_mark(point: int) -> bool:
    """Whether a combining mark belongs to no script of its own (the blocks of Combining Diacritical Marks)."""
    return (
        0x300 <= point < 0x370
        or 0x483 <= point < 0x48A
        or 0x1AB0 <= point < 0x1B00
        or 0x1DC0 <= point < 0x1E00
        or 0x20D0 <= point < 0x2100
        or 0xFE20 <= point < 0xFE30
    )
