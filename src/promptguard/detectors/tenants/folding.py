"""Text as it is compared: words without case, accents, signs and invisible characters, and where they stood.

The same folding is there twice, for strings (`words_of`) and for whole texts as arrays (`tokenise`); both are made from
`fold_character`, one character at a time, so that they cannot differ and every offset has an original.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

type Numbers = npt.NDArray[np.uint64]
type Indexes = npt.NDArray[np.int64]
type Codes = npt.NDArray[np.uint32] | npt.NDArray[np.uint8]
type Flags = npt.NDArray[np.bool_]

SEPARATOR = " "

_IDEOGRAPHS_END = 0x40000
"""Planes 2 and 3 hold ideographs only; no letters that we know lie beyond."""
_TABLE_END = 0x20000

_DROPPED = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5),
    (0x05C7, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Accents, Hebrew and Arabic points, variation selectors. Marks that spell vowels (Indic, Thai) are letters."""

_SINGLE = (
    (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
    (_TABLE_END, _IDEOGRAPHS_END - 1),
)  # fmt: skip
"""Kana, ideographs and Hangul syllables: written without spaces between words or with particles attached, so that
each character counts as a word."""

_WITHOUT_STROKES = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n"}
)
"""Letters that Unicode does not decompose, as they are written where they are not on the keyboard."""

_SEPARATING = frozenset(
    {"Cn", "Co", "Cs", "Cc", "Zs", "Zl", "Zp", "Sm", "Sc", "Sk", "So", "Pd", "Ps", "Pe", "Pc", "Po"}
)
"""Categories of which no character is a letter: most of the code space, passed over quickly."""

_ASCII_WORD = re.compile(r"[a-z0-9]+")


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def fold_character(character: str) -> str:
    """Letters and digits that a character stands for; nothing for what is not seen, `SEPARATOR` for all else."""
    code = ord(character)
    if _within(code, _DROPPED):
        return ""
    if code >= _TABLE_END:
        return character if code < _IDEOGRAPHS_END else SEPARATOR
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category[0] not in "LMN" or category == "No":
        # Signs that decompose to letters (™, №, ㈱) and numbers that are none (², ①) separate.
        return SEPARATOR
    if 0x3400 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7A3 or 0x17000 <= code <= 0x18CFF:
        # Ideographs, Hangul, Tangut: they have neither case nor accents.
        return character
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    letters = "".join(
        each
        for each in plain.translate(_WITHOUT_STROKES)
        if not _within(ord(each), _DROPPED) and unicodedata.category(each)[0] in "LMN"
    )
    return letters or SEPARATOR


class _Folds(dict[int, str]):
    """`str.translate` table that is filled as characters are met. Bounded by the number of characters there are."""

    def __missing__(self, code: int) -> str:
        letters = fold_character(chr(code))
        spaced = "".join(f" {each} " if _within(ord(each), _SINGLE) else each for each in letters)
        self[code] = spaced
        return spaced


_FOLDS = _Folds()


def words_of(text: str) -> list[str]:
    """The folded words of a text."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return text.translate(_FOLDS).split()


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text as arrays, one element for each word."""

    starts: Indexes
    """Offsets into the text, in characters."""
    ends: Indexes
    """Exclusive; accents that follow as characters of their own belong to the word."""
    lengths: Indexes
    """Folded characters."""
    codes: Codes
    """The folded characters of all words, one after the other."""
    followers: Codes
    """The character of the text behind each word; 0 behind the last."""

    def __len__(self) -> int:
        return len(self.starts)


def tokenise(text: str) -> Tokens:
    """The folded words of a text and where they stand, in time linear in its length."""
    if text.isascii():
        # With a separator before the text and one behind it, words begin and end at every second change.
        data = f"\0{text}\0".encode("ascii")
        folded = data.translate(_ascii_table())
        letters = np.frombuffer(folded, np.uint8) != 0
        changes = np.flatnonzero(letters[1:] != letters[:-1])
        first, ends = changes[::2], changes[1::2]
        codes = np.frombuffer(folded.translate(None, b"\0"), np.uint8)
        return Tokens(first, ends, ends - first, codes, np.frombuffer(data, np.uint8)[1:][ends])
    points = np.frombuffer(f"{text}\0".encode("utf-32-le", "surrogatepass"), np.uint32)
    return _tokens_beyond_ascii(text, points)


def _tokens_beyond_ascii(text: str, points: npt.NDArray[np.uint32]) -> Tokens:
    codes, positions = _expand(points[:-1])
    letters = codes != 0
    goes_on = np.zeros(len(codes) + 1, np.bool_)
    goes_on[1:-1] = letters[1:] & letters[:-1]
    if len(codes) and codes.max() >= _SINGLE[0][0]:
        single = np.zeros(len(codes), np.bool_)
        for low, high in _SINGLE:
            single |= (codes >= low) & (codes <= high)
        goes_on[1:-1] &= ~(single[1:] | single[:-1])
    first = np.flatnonzero(letters & ~goes_on[:-1])
    last = np.flatnonzero(letters & ~goes_on[1:])
    if positions is None:
        return Tokens(first, last + 1, last - first + 1, codes[letters], points[last + 1])
    # Up to where the next character begins, so that what folds to nothing goes with the word before it.
    ends = np.append(positions, len(text))[last + 1]
    starts = positions[first]
    # Several words out of one character share its start, and each of them its end.
    ends = np.maximum(ends, starts + 1)
    return Tokens(starts, ends, last - first + 1, codes[letters], points[ends])


def _expand(points: Codes) -> tuple[Codes, Indexes | None]:
    """Folded characters, 0 for separators, and of which character each is a part; None where each is one."""
    begin, count, pool = _tables()
    inside = np.minimum(points, _TABLE_END - 1) if len(points) and points.max() >= _TABLE_END else points
    counts = count[inside]
    codes = pool[begin[inside]]
    beyond = points >= _TABLE_END if inside is not points else None
    if beyond is not None:
        dropped = (points >= _DROPPED[-1][0]) & (points <= _DROPPED[-1][1])
        counts = np.where(beyond, ~dropped, counts)
        codes = np.where(beyond, np.where(points < _IDEOGRAPHS_END, points, 0), codes)
    if (counts == 1).all():
        return codes, None
    positions = np.repeat(np.arange(len(points)), counts)
    codes = codes[positions]
    parts = np.flatnonzero(np.append(False, positions[1:] == positions[:-1]))
    if len(parts):
        # The second and later characters out of one: as far from its first as from the place where that stands.
        step = parts - np.searchsorted(positions, positions[parts])
        codes[parts] = pool[begin[points[positions[parts]]] + step]
    return codes, positions


@functools.cache
def _ascii_table() -> bytes:
    folded = [fold_character(chr(code)) for code in range(128)]
    return bytes(0 if each in ("", SEPARATOR) else ord(each) for each in folded) + bytes(128)


@functools.cache
def _tables() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8], Codes]:
    """For each character below plane 2: where in the pool its folded characters begin, and how many they are."""
    begin = np.zeros(_TABLE_END, np.int32)
    count = np.ones(_TABLE_END, np.uint8)
    pool = [0]
    for code in range(_TABLE_END):
        character = chr(code)
        if unicodedata.category(character) in _SEPARATING:
            continue
        letters = fold_character(character)
        if letters == SEPARATOR:
            continue
        begin[code] = len(pool)
        count[code] = len(letters)
        pool.extend(map(ord, letters))
    pool.append(0)  # where characters that fold to nothing point to
    return begin, count, np.array(pool, np.uint32)


def warm_up() -> None:
    """Make the tables for text beyond ASCII now; takes a quarter of a second."""
    _tables()
