"""Words of a language that people elsewhere bear as names (`Hanno` in Italian, `Ken` in Dutch), and names of peoples,
languages, days and months. Written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from promptguard.detectors.names.languages.signs_of_languages import signs_of_languages

_WORD: Final = re.compile(r"[^\W\d_]+")


@cache
def names_that_begin_sentences() -> Mapping[str, frozenset[str]]:
    """By language (BCP 47): words that sentences begin with, and names elsewhere."""
    lines = files(__package__).joinpath("names_that_begin_sentences.txt").read_text("utf-8").splitlines()
    return {language: frozenset(words.split()) for language, _, words in (line.partition(" ") for line in lines)}


@cache
def peoples() -> frozenset[str]:
    """Names of peoples, creeds and languages in the languages of the names model, in lower case."""
    return frozenset(files(__package__).joinpath("peoples.txt").read_text("utf-8").split())


@cache
def calendar() -> frozenset[str]:
    """Days, months, feasts, points of the compass and continents, likewise."""
    return frozenset(files(__package__).joinpath("calendar.txt").read_text("utf-8").split())


@cache
def figures() -> frozenset[str]:
    """Single names of myth, scripture, fiction and the sky that hardly anybody bears, likewise."""
    return frozenset(files(__package__).joinpath("figures.txt").read_text("utf-8").split())


@cache
def products() -> frozenset[str]:
    """Companies, products and scriptures that nobody is called by, likewise."""
    return frozenset(files(__package__).joinpath("products.txt").read_text("utf-8").split())


@cache
def fiction() -> Mapping[str, bool]:
    """Full names of figures of fiction, scripture and the sky, and whether nobody else is called so, in lower case. In
    the file an equals sign says that nobody is."""
    lines = files(__package__).joinpath("fiction.txt").read_text("utf-8").lower().splitlines()
    return {line.removeprefix("= "): line.startswith("=") for line in lines}


def function_words() -> Mapping[str, frozenset[str]]:
    """Articles, pronouns and the like of the covered languages, by language."""
    return signs_of_languages().covered


@lru_cache(maxsize=1)  # the guesses of one text come one after another; no more texts are kept
def languages_of(text: str) -> tuple[str, ...]:
    """The languages among those of the names model of which `text` has most function words: several where as many
    are of each, none where it has none."""
    words = frozenset(word for word in _WORD.findall(text) if word.islower())
    counts = {language: len(words & listed) for language, listed in function_words().items()}
    most = max(counts.values())
    return tuple(language for language, count in counts.items() if count == most) if most else ()


def language_of(text: str) -> str:
    """The one that has more of them than all others; empty where none has."""
    languages = languages_of(text)
    return languages[0] if len(languages) == 1 else ""
