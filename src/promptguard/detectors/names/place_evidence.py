"""Whether what the model takes for an address is written like one, and not like the words and numbers of machines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.reference.gazetteer import gazetteer

_WORD: Final = re.compile(r"[^\W\d_]+")
_MACHINE_TOKEN: Final = re.compile(r"\b(?:[a-z]{2,}\d+|\d+[a-z]{2,}\d\w*|\d+(?:\.\d+){2,})\b|\d{4}-\d\d-\d\d|;|[a-z]=")
_MOVE_OR_CHORD: Final = re.compile(r"\b(?:[KQRBN]?[a-h]?x?[a-h][1-8]\b|[A-G](?:#|b|m|maj|min|dim|sus|\d)*\b)[ \n]{1,4}")
_STREET: Final = re.compile(
    r"\b(?:street|st|avenue|ave|av|road|rd|lane|ln|drive|dr|boulevard|blvd|way|court|ct|place|pl|square|sq|terrace"
    r"|crescent|grove|hill|park|highway|hwy|route|apt|apartment|suite|ste|floor|flat|unit|box|building"
    r"|rue|chemin|allée|impasse|quai|calle|avenida|avda|paseo|plaza|carrera|via|viale|piazza|corso|vicolo|largo"
    r"|platz|weg|allee|gasse|ring|ufer|damm|plein|laan|kade|gracht|vej|gade|allé|ulica|ul)\b"
    r"|(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|allee|straat|laan|plein|gracht|kade|vej|gade|vägen|gatan|katu|utca|utja)\b",
    re.IGNORECASE,
)

_COMPASS: Final = re.compile(
    r"(?:(?:north|south|mid)?(?:east|west)(?:ern)?|(?:north|south)(?:ern)?|central|(?:nord|süd)?(?:ost|west)|nord|süd"
    r"|and|or|und|[\W\d_])+",
    re.IGNORECASE,
)
"""How companies call their sales regions."""

_MOST_OF_ONE_WORD: Final = 2

DOUBTFUL: Final = 0.5
"""Below it, one capitalised word of the language is none: `Bank`, `Head`."""


@cache
def machine_words() -> frozenset[str]:
    """Words of shells, networks, hardware and logs, in lower case; written by hand."""
    return frozenset(
        files("promptguard.detectors.names.lexicon").joinpath("machine_words.txt").read_text("utf-8").split()
    )


def is_machine_text(content: str, score: float) -> bool:
    """Whether a guess consists of words of machines and of the language, none of them a place or a kind of street.

    `score` says how sure the model is: many a place is called as the language calls something else.
    """
    words = [word for word in _WORD.findall(content) if len(word) > 1]
    if _STREET.search(content) or _names_place(content):
        return False
    if _counts_up(words):
        return True
    if not any(len(word) > 3 for word in words):
        return len(_MOVE_OR_CHORD.findall(content + " ")) > 2 or not any(word[0].isupper() for word in words)
    capitals = any(word[0].isupper() for word in words)
    if _MACHINE_TOKEN.search(content):
        return not capitals or all(_is_ordinary(word) for word in words)
    ordinary = all(_is_ordinary(word) for word in words if len(word) > 2)
    return ordinary and (not capitals or (len(words) == 1 and content.isalpha() and score < DOUBTFUL))


def is_compass(content: str) -> bool:
    """Whether it says nothing but points of the compass: `North 12, South 14`."""
    return _COMPASS.fullmatch(content) is not None


def _counts_up(words: Sequence[str]) -> bool:
    """Whether one word comes again and again: `Heading 1, Heading 2, Heading 3`. No address says a word three times."""
    return bool(words) and Counter(word.lower() for word in words).most_common(1)[0][1] > _MOST_OF_ONE_WORD


def _is_ordinary(word: str) -> bool:
    lowered = word.lower()
    return lowered in lexicon().common_words or lowered in machine_words()


def _names_place(content: str) -> bool:
    places = gazetteer()
    return any(places.at(content, word.start()) is not None for word in _WORD.finditer(content) if len(word[0]) > 2)
