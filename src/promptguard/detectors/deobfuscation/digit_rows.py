"""Numbers one digit, or one group, at a time: a digit a line, `4, 1, 1, 1, …`, `["4111", "2222", …]`, whatever stands
between them.

Such rows are mostly data. They are read as one number where they have the length of a card's, and a word before them
says that a number comes, or nobody would write a list with what stands between the digits.
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

MAX_BETWEEN: Final = 5
"""Characters between two digits: `", "` is three of JSON with the space."""

MAX_BEFORE: Final = 64
"""Characters before the number in which a word says what it is."""

_BETWEEN = rf"(?P<sign>[^\w]{{1,{MAX_BETWEEN}}}|_)"
_ROW: Final = re.compile(rf"\d{_BETWEEN}\d(?:(?P=sign)\d){{11,17}}(?!\w)(?!(?P=sign)\d)", re.ASCII)
_GROUPS: Final = re.compile(
    rf"\d{{4}}{_BETWEEN}\d{{4}}(?P=sign)\d{{4}}(?P=sign)\d{{1,4}}(?:(?P=sign)\d{{1,3}})?(?!\w)(?!(?P=sign)\d)", re.ASCII
)
_SAYS: Final = re.compile(
    r"(?i)card|karte|cart[ea]|tarjeta|kort\b|kaart|credit|kredit|visa|master|amex|american express|maestro|\bpan\b"
    r"|\bcc\b|konto|account|number|nummer|num[ée]ro|número|digits|ziffern|卡|カード|카드|карт"
)
_ORDINARY: Final = frozenset((" ", "-", "."))
"""As cards are written in groups."""


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position or (start and text[start - 1].isalnum()):
            continue
        match = _ROW.match(text, start) or _GROUPS.match(text, start)
        if match is None or match["sign"] in _ORDINARY or _goes_before(text, start, match["sign"]):
            continue
        position = match.end()
        if (
            match["sign"].isascii()
            and '"' not in match["sign"]
            and not _SAYS.search(text, max(0, start - MAX_BEFORE), start)
        ):
            continue
        budget.take(position - start)
        yield from _without(match["sign"], text, start, position)


def _goes_before(text: str, start: int, sign: str) -> bool:
    """Whether the row began before: it is longer than a number then."""
    before = start - len(sign)
    return before > 0 and text.startswith(sign, before) and text[before - 1].isdigit()


def _without(sign: str, text: str, start: int, end: int) -> Iterator[Replacement]:
    index = text.find(sign, start, end)
    while index >= 0:
        yield Replacement(index, index + len(sign), "", "digits apart")
        index = text.find(sign, index + len(sign), end)


DIGIT_ROWS: Final = Obfuscation(
    "digit rows",
    SPELLING,
    tuple(
        Prefilter(("0" * digits + between) * 3 + "0" * digits, (digits + size) * 3 + digits, Form.SHAPES)
        for digits in (1, 4)
        for size in range(1, MAX_BETWEEN + 1)
        for between in (f"[^a0]{{{size}}}",)
    ),
    _find,
)
