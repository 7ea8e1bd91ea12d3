"""Accents on the characters of a key or a number, which bear none: `ghp_pĹIix6…` with a mark that nobody types.

Marks that make no letter with what they stand on are taken off everywhere (`unicode_forms`), these only where a value
of a known form is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)
from promptguard.detectors.deobfuscation.value_forms import begin_of, may_be_value

MAX_TOKEN: Final = 800
"""Characters of a key, marks included."""

NEAR: Final = 8
"""Letters between an accent and a digit of its key."""

_MARK: Final = r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_TOKEN: Final = re.compile(rf"(?:[\w@.+/=-]|{_MARK}){{1,{MAX_TOKEN}}}")
_CHARACTER: Final = re.compile(rf"[\w@.+/=-]|{_MARK}")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        token = _TOKEN.match(text, begin_of(text, start, max(position, start - MAX_TOKEN), _CHARACTER))
        position = max(token.end() if token else 0, start + 1)
        if token is not None and may_be_value(_plain(token.group())):
            budget.take(position - token.start())
            yield from _bare(text, token.start(), position)


def _plain(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))


def _bare(text: str, start: int, end: int) -> Iterator[Replacement]:
    """Marks, and letters with an accent: each replaced by the letter that bears it."""
    for index in range(start, end):
        plain = _plain(text[index])
        if plain != text[index]:
            yield Replacement(index, index + 1, plain, "accents")


ACCENTED_KEYS: Final = Obfuscation(
    "accented keys",
    ENCODINGS,
    (
        Prefilter(f"0a{{0,{NEAR}}}m", 1, Form.UNICODE),
        Prefilter(f"ma{{0,{NEAR}}}0", 1, Form.UNICODE),
    ),
    _find,
)
