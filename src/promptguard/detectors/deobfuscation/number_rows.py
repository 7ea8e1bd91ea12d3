"""Rows of numbers within a text that are the bytes of another: `[72, 101, …]` in lines, `{"0": 72, "1": 101, …}`,
beyond ASCII, or compressed. What `character_codes` guesses of single characters is known here by what
all of them say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.encoded import text_of_bytes
from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)

MIN = 12
"""Numbers of a row that is looked at."""

_ROW = re.compile(r"[-\d](?:(?<=-)(?<![\w.]-)\d|(?<=\d)(?<![\w.]\d))\d{0,2}(?:[\s,;]{1,24}-?\d{1,3}){11,}(?![\w.])")
"""Begins with its first character, which is looked for faster than what must not stand before it."""
_NUMBERED = re.compile(
    r'(?<![\w.])\\{0,3}"?\d{1,5}\\{0,3}"?\s{0,2}:\s{0,2}\d{1,3}'
    r'(?:\s{0,12},\s{0,12}\\{0,3}"?\d{1,5}\\{0,3}"?\s{0,2}:\s{0,2}\d{1,3}){7,}'
)
_NUMBER = re.compile(r"-?\d+")
_VALUE = re.compile(r":\s{0,2}(\d{1,3})")
_WRITTEN = re.compile(r"[^\W\d_]{3}|[A-Z0-9]{12}|\d{8}")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for row in sorted([*_ROW.finditer(text), *_NUMBERED.finditer(text)], key=lambda match: match.start()):
        if row.start() < position or not budget.left:
            continue
        numbers = _VALUE if row.re is _NUMBERED else _NUMBER
        data = _bytes([int(number) for number in numbers.findall(row[0])])
        plain = text_of_bytes(data, budget) if data else None
        if plain is not None and _WRITTEN.search(plain):
            position = row.end()
            budget.take(len(plain))
            yield Replacement(row.start(), row.end(), plain, "numbers")


def _bytes(values: Sequence[int]) -> bytes:
    """What bytes the numbers are, signed or not; none where one of them is no byte."""
    low, high = min(values), max(values)
    return bytes(value & 0xFF for value in values) if low >= -128 and high <= 255 else b""


NUMBER_ROWS = Obfuscation(
    "number rows",
    ENCODINGS,
    (
        Prefilter(r"(?:0{1,3}[- \n\r\t]{1,12}){12}", 24, Form.SHAPES, once=True),
        Prefilter(r"(?:\?{1,4}0{1,5}\?{1,4} ?\?? ?0{1,3}-[ \n]{0,12}){8}", 40, Form.SHAPES, once=True),
    ),
    _find,
)
