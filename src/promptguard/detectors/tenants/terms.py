"""Terms: the forms of values that are looked for, and how a run of words in a text is brought into the same form."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import NamedTuple

MAX_TERM_LENGTH = 12
"""Words of a term."""
MAX_CODE_LENGTH = 8
"""Parts into which the digits and letters of an id or phone number may be grouped."""
MAX_PERSON_LENGTH = 5
"""Words of a person's name."""
MAX_WORD_LENGTH = 64
"""Characters of a word."""


class Shape(StrEnum):
    """How the words of a form stand in a text."""

    WORDS = "words"
    """One after the other, with little between them."""
    BAG = "bag"
    """The same in any order."""
    CODE = "code"
    """Grouped in any way."""
    VERBATIM = "verbatim"
    """With the very signs between them, none of which is a space."""
    DAY = "day"
    """In one of many ways, which `dates_in` knows."""


class Term(NamedTuple):
    """One form of a value. Forms that differ never mean the same: signs in them keep kinds apart."""

    form: str
    """What is hashed for good. Words stand with a space between, groups of an id or phone number without."""
    shape: Shape
    letters: str = ""
    """What the filter knows it by, if it is no bag and no day."""
    words: int = 1
    """In how many words of a text it stands, if it is no code and no day."""
    bag: tuple[str, ...] = ()
    """What the filter knows a bag by."""
    beginning: str = ""
    """The letters of its first two words, if they stand one after the other and there are two."""


def beginning_of(words: list[str]) -> str:
    """See `Term.beginning`."""
    return "".join(words[:2]) if len(words) > 1 else ""


def plain(text: str) -> str:
    """Text of which every sign counts: NFKC and case-folded."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def without_leading_zeros(words: list[str]) -> list[str]:
    """Words whose first, if it is a number, has lost the zeros that pad it (or that dial a long-distance call)."""
    if words and words[0][0] == "0" and words[0].isdecimal() and len(words[0]) > 1:
        return [words[0].lstrip("0") or "0", *words[1:]]
    return words


def words_form(words: list[str]) -> str:
    """Of words in their order."""
    return " ".join(without_leading_zeros(words))


def code_form(words: list[str]) -> str:
    """Of letters and digits however they are grouped."""
    return "".join(without_leading_zeros(words))


def person_form(words: list[str]) -> str:
    """Of words in any order."""
    return "~" + " ".join(sorted(words))


def international_form(country_code: str, national: str) -> str:
    """The digits of a phone number with its country code; `national` without zeros before it."""
    return f"{country_code}{national}"
