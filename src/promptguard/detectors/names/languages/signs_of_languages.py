"""Words and letters by which languages are told apart: `function_words.txt` and `own_letters.txt` beside this module.

A line is a language's tag (BCP 47) and some of its commonest words that no covered language shares, or the letters that
none has; `covered` before the tag says that persons are looked for in that language. All is in lower case and NFC.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_COVERED = "covered"


@dataclass(frozen=True, slots=True)
class SignsOfLanguages:
    """What is known of languages."""

    covered: Mapping[str, frozenset[str]]
    """Words by language, for languages in which persons are looked for."""
    by_word: Mapping[str, tuple[str, ...]]
    """The other languages, by each of their words."""
    words: frozenset[str]
    """All words of those."""
    by_letter: Mapping[str, tuple[str, ...]]
    """Those languages, by each of their letters."""
    letters: frozenset[str]
    """All of these letters."""


@cache
def signs_of_languages() -> SignsOfLanguages:
    """The lists, read at the first call."""
    rows = list(_rows("function_words"))
    by_word = _inverted((first, words) for first, *words in rows if first != _COVERED)
    by_letter = _inverted((language, letters) for language, letters in _rows("own_letters"))
    return SignsOfLanguages(
        {row[1]: frozenset(row[2:]) for row in rows if row[0] == _COVERED},
        by_word,
        frozenset(by_word),
        by_letter,
        frozenset(by_letter),
    )


def _rows(name: str) -> Iterator[list[str]]:
    for line in files(__package__).joinpath(f"{name}.txt").read_text("utf-8").splitlines():
        yield unicodedata.normalize("NFC", line).split()


def _inverted(signs: Iterable[tuple[str, Iterable[str]]]) -> Mapping[str, tuple[str, ...]]:
    languages: dict[str, list[str]] = defaultdict(list)
    for language, listed in signs:
        for sign in listed:
            languages[sign].append(language)
    return {sign: tuple(found) for sign, found in languages.items()}
