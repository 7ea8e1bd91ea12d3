"""Whether the text of a page is what its glyphs show: a font need not tell its characters, and may tell wrong ones."""

from __future__ import annotations

import re
from typing import Final

_UNMAPPED: Final = 3
"""Glyphs in a row without characters from which they are a word rather than a bullet."""
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")

_BROKEN: Final = re.compile(
    r"[^\W\d_][\x00\x01\x03-\x08\x0e-\x1f]|[\x00\x01\x03-\x08\x0e-\x1f][^\W\d_]|[^\W\d_][\ue000-\uf8ff\ufffd]+[^\W\d_]"
)
"""A glyph without a character within a word, as ligatures are. PDFium writes U+0002 for a hyphen at a line's end."""
_TOLERATED: Final = 0.02
"""Share of words with such a glyph up to which a page is read all the same, where nothing recognises pictures."""

_STRANGE: Final = re.compile("[\xaa\xb5\xba-\xff\u0180-\u02af]")
"""Letters that a few words in a hundred have, and that bytes of another script look like."""
_FEWEST_LETTERS: Final = 4

_LONE: Final = re.compile(r"^(?=[^\W\d_]\n(?:\S\n){2})(?:\S\n)+(?:\S+(?: .*)?$)?", re.MULTILINE)
"""Letters on lines of their own: what is written along a curve or downwards."""


def is_mapped(character: str) -> bool:
    """Whether a character is one, and not the number of a glyph whose character the document does not tell."""
    return character.isprintable() and not "\ue000" <= character <= "\uf8ff"


def is_illegible(text: str) -> bool:
    """Whether words of a page have glyphs for characters, or letters that are none of theirs."""
    letters = "".join(text.split())
    mapped = sum(map(is_mapped, letters))
    return (
        _has_unmapped_words(letters)
        or mapped * 2 < len(letters)
        or _is_of_another_script(letters)
        or broken(text) > _TOLERATED
    )


def broken(text: str) -> float:
    """The share of words with a glyph within them whose character is not known."""
    found = len(_BROKEN.findall(text))
    return found / len(text.split()) if found else 0.0


def rejoined(text: str) -> str:
    """A text in which letters that stand alone on their lines are words again; empty where there are none."""
    joined = _LONE.sub(lambda found: found[0].replace("\n", ""), text)
    return joined if joined != text else ""


def _has_unmapped_words(letters: str) -> bool:
    if all(map(str.isprintable, letters)) and not _PRIVATE.search(letters):
        return False
    runs = "".join(" " if is_mapped(letter) else "x" for letter in letters).split()
    return any(len(run) >= _UNMAPPED for run in runs)


def _is_of_another_script(letters: str) -> bool:
    """Whether most letters are such as come about where a font tells the bytes of its own encoding for characters."""
    strange = len(_STRANGE.findall(letters))
    return strange >= _FEWEST_LETTERS and strange * 2 > sum(map(str.isalpha, letters))
