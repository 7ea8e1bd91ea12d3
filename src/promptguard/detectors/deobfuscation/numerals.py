"""Numbers in the numerals of East Asia, one for each digit: `四一一一…`, `肆壹壹壹…`, `사일일일…`.

Digits of other scripts are digits to Unicode too, and `unicode_forms` reads them. These are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.interface import (
    SPELLING,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)

_SETS: Final = ("〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "○壹貳參肆伍陸柒捌玖", "영일이삼사오육칠팔구", "공")
_DIGITS: Final = {sign: str(digit) for signs in _SETS for digit, sign in enumerate(signs)} | {"幺": "1", "륙": "6"}
NUMERALS: Final = frozenset(_DIGITS)

MIN: Final = 12
MAX: Final = 24
"""Digits of a card's number, and of what is written like one."""

_SIGN: Final = f"[{''.join(sorted(NUMERALS))}]"
_BETWEEN: Final = r"(?:[ \u3000]?[-\u2010-\u2015、，,・·./|][ \u3000]?|[ \u3000])?"
_ROW: Final = re.compile(rf"(?<!{_SIGN}){_SIGN}(?:{_BETWEEN}{_SIGN}){{{MIN - 1},{MAX - 1}}}(?!{_SIGN})")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    for row in _ROW.finditer(text, max(0, starts[0] - MAX)):
        budget.take(MAX)
        digits = "".join(_DIGITS[sign] for sign in row.group() if sign in _DIGITS)
        # Apart from the words around it, which a recognizer would take for the rest of one with the number.
        yield Replacement(row.start(), row.end(), f" {digits} ", "spelled digits")


ROWS_OF_NUMERALS: Final = Obfuscation(
    "numerals",
    SPELLING,
    (
        Prefilter("nnnn", 4, Form.UNICODE, once=True),
        Prefilter("n[.csd]n[.csd]n[.csd]n[.csd]n", 9, Form.UNICODE, once=True),
    ),
    _find,
)
