"""The lists of names beyond Latin script, and the form in which words are compared with them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

FOUND: Final = 0.75
"""How sure a name is that stands in the lists, or after a word that nothing but a name follows."""
LIKELY: Final = 0.5
"""How sure a name is of which one half is in the lists."""

RECOGNIZER: Final = "NamesBeyondLatin"
"""What spans of this package name as their recognizer."""

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": None, "ё": "е"})
"""Letters that writers exchange for each other, and those of Persian for those of Arabic."""
_ARABIC_MARKS = dict.fromkeys(range(0x064B, 0x0653))
"""Short vowels, which are left out as a rule."""


@dataclass(frozen=True, slots=True)
class ListedNames:
    """Names as `key` writes them."""

    given: frozenset[str]
    surnames: frozenset[str]


def key(word: str) -> str:
    """A word without what writers leave out or exchange: accents in Greek, vowels in Arabic, capitals."""
    lowered = unicodedata.normalize("NFC", word).lower().translate(_ARABIC).translate(_ARABIC_MARKS)
    if (lowered[:1] >= "\u0370" and lowered[:1] < "\u0400") or "\u1f00" <= lowered[:1] < "\u2000":
        plain = unicodedata.normalize("NFD", lowered)
        return "".join(character for character in plain if not unicodedata.combining(character)).replace("ς", "σ")
    return lowered


@cache
def listed_names() -> ListedNames:
    """The lists, read at the first call: `tools/make_lexicon.py` makes them."""
    return ListedNames(_read("given_names_beyond_latin"), _read("surnames_beyond_latin"))


def _read(name: str) -> frozenset[str]:
    folder = files("promptguard.detectors.names.lexicon")
    return frozenset(map(key, folder.joinpath(f"{name}.txt").read_text("utf-8").split()))
