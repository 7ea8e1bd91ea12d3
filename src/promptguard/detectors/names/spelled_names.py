"""Names written letter by letter: `J a n e`, `R-o-e`, `J A N E`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import regex

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.lines import matches, where
from promptguard.detectors.names.spans import PERSON, Span

RECOGNIZER: Final = "SpelledName"
SPELLED: Final = 0.6

MIN_LETTERS: Final = 4
MAX_LETTERS: Final = 24

_SIGNS: Final = r"[ .\-_·*]"
_SPELLED: Final = regex.compile(
    rf"(?<![\p{{L}}\d])(?<!(?<![\p{{L}}\d])[\p{{L}}\d]{_SIGNS})\p{{Lu}}(?P<sign>{_SIGNS})"
    rf"(?:\p{{L}}(?P=sign)){{{MIN_LETTERS - 2},{MAX_LETTERS - 2}}}\p{{L}}(?![\p{{L}}\d])"
)
_MAY_BE_SPELLED: Final = where(re.compile(rf"{_SIGNS}[^\W\d_]{_SIGNS}[^\W\d_]{_SIGNS}[^\W\d_]\b"))
_BESIDE: Final = regex.compile(r"[ ]{2,3}|[ ]?[,|/][ ]?|[ ][.-][ ]")
"""Between a given name and a surname."""


def find_spelled(text: str) -> Iterator[Span]:
    """The names in `text`, in order: written with a capital and no word, or of the lists. Linear in the text."""
    found = list(matches(_SPELLED, text, _MAY_BE_SPELLED))
    names = [_is_name(match[0][:: len(match["sign"]) + 1]) for match in found]
    beside = [False, *(_BESIDE.fullmatch(text, one.end(), other.start()) is not None for one, other in pairwise(found))]
    for index, match in enumerate(found):
        after_name = beside[index] and names[index - 1]
        before_name = index + 1 < len(found) and beside[index + 1] and names[index + 1]
        if names[index] or after_name or before_name:
            yield Span(*match.span(), PERSON, SPELLED, RECOGNIZER)


def _is_name(word: str) -> bool:
    lists, lowered = lexicon(), word.lower()
    if lowered in lists.common_words or all(ord(other) - ord(one) == 1 for one, other in pairwise(lowered)):
        return False
    return word.istitle() or lowered in lists.given_names
