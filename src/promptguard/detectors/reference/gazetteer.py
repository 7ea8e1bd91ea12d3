"""Names of countries, regions and cities, and where in a text one of them stands.

`places.txt` beside this module is written by `tools/make_places.py`. Each line is a kind, a tab and a name. A kind that
ends in `?` marks a name that is more often something else: a word (`Nice`, `Reading`), a person (`Jordan`, `Austin`).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import regex

_FILE = Path(__file__).parent / "places.txt"

_WORD = regex.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PLAIN_WORD = re.compile(r"[A-Za-z]+(?=[\x00-&(-@\[-`{-\x7f]|\Z)")
"""A word of ASCII letters, as far as nothing follows that could belong to it."""
_GAP = regex.compile(r"\.?[ \u00a0-]|['’.]")
_MAX_WORDS = 6
_MIN_WORD_LENGTH = 4

# Letters that Unicode does not decompose into a plain one and a mark.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "’": "'", "\u00a0": " "}
)


class PlaceKind(StrEnum):
    """What sort of place a name is of; of names that several have, the largest sort."""

    CITY = "city"
    REGION = "region"
    COUNTRY = "country"

    @property
    def rank(self) -> int:
        """Higher for larger places."""
        return _RANKS[self]


_RANKS = {kind: rank for rank, kind in enumerate(PlaceKind)}


@dataclass(frozen=True, slots=True)
class Place:
    """A name as it stands in a text."""

    start: int
    end: int
    kind: PlaceKind
    ambiguous: bool
    """The name is also a common word or a name of persons."""


class Gazetteer:
    """Names of places, compared without regard to case and diacritics."""

    def __init__(self, names: Iterable[tuple[PlaceKind, bool, str]]) -> None:
        """Take names with their kind and whether they are ambiguous; of equal ones the last counts."""
        self._names: dict[str, tuple[PlaceKind, bool]] = {}
        self._most_words: dict[str, int] = {}
        self._first_of_large: set[str] = set()
        single: set[str] = set()
        # Equal values are one object: there are tens of thousands.
        sorts = {(kind, ambiguous): (kind, ambiguous) for kind in PlaceKind for ambiguous in (False, True)}
        for kind, ambiguous, name in names:
            key = _key(name)
            self._names[key] = sorts[kind, ambiguous]
            # "U.S." is two words in a text, and one in its key.
            words = (
                [_key(word) for word in _WORD.findall(name)] if "." in name else key.split() if " " in key else [key]
            )
            self._most_words[words[0]] = max(len(words), self._most_words.get(words[0], 0))
            if kind is not PlaceKind.CITY:
                self._first_of_large.add(words[0])
            single.update(word for word in _WORD.findall(name.lower()) if len(word) >= _MIN_WORD_LENGTH)
        self.words = frozenset(single)
        """The words that the names are made of, in lower case and as they are written, without the shortest."""

    def __len__(self) -> int:
        return len(self._names)

    def at(self, text: str, position: int, *, large: bool = False) -> Place | None:
        """The longest name that starts at `position` and ends with a word; None if there is none.

        Args:
            text: where to look.
            position: of the first letter.
            large: a city is none.
        """
        # Most words begin no name, and no more is made of them than need be.
        plain = _PLAIN_WORD.match(text, position)
        if plain is not None and plain.group().lower() not in (self._first_of_large if large else self._most_words):
            return None
        word = _WORD.match(text, position)
        if word is None:
            return None
        most = min(self._most_words.get(_key(word.group()), 0), _MAX_WORDS)
        found = None
        while word is not None and most > 0:
            entry = self._names.get(_key(text[position : word.end()]))
            if entry is not None and not _continues(text, word.end()):
                # "U.S." is not "us", and its last full stop belongs to it.
                dotted = "." in text[position : word.end()] and len(word.group()) < 3
                end = word.end() + (dotted and text.startswith(".", word.end()))
                found = Place(position, end, entry[0], entry[1] and not dotted)
            most -= 1
            gap = _GAP.match(text, word.end())
            word = _WORD.match(text, gap.end()) if gap else None
        return None if large and found is not None and found.kind is PlaceKind.CITY else found


def _continues(text: str, end: int) -> bool:
    """Whether what stands at `end` belongs to the same word, or to the same name: `Garcia-Meyer`."""
    following = text[end : end + 1]
    return following.isalnum() or following == "_" or (following == "-" and text[end + 1 : end + 2].isupper())


def _key(name: str) -> str:
    """The form in which names are compared."""
    folded = name.casefold().replace("-", " ").replace(".", "")
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded.translate(_LETTERS))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@functools.cache
def gazetteer() -> Gazetteer:
    """The names that are shipped: about 33,000, read once."""
    return Gazetteer(_read(_FILE.read_text(encoding="utf-8")))


def _read(content: str) -> Iterable[tuple[PlaceKind, bool, str]]:
    """The lines of `places.txt`, cities first, so that a country is not taken for the town of its name."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for line in content.splitlines():
        kind, _, name = line.partition("\t")
        by_kind[kind].append(name)
    for kind in PlaceKind:
        for mark in ("", "?"):
            for name in by_kind[kind.value + mark]:
                yield kind, bool(mark), name
