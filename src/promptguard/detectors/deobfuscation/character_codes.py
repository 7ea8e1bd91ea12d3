"""Text written as the numbers of its characters: `41 4b 49 41`, `0x41, 0x4b`, `[65, 75, 73]`, `01000001 01001011`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import (
    SPELLING,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)

MIN = 8
"""Characters: fewer are no secret, and rows of small numbers are many."""

_HEX_SIGNED = re.compile(r"0[xX][0-9A-Fa-f]{2}(?:[ ,;]{1,3}\s?0[xX][0-9A-Fa-f]{2})+")
_HEX = re.compile(r"[0-9A-Fa-f]{2}(?:(?P<sign>[ :,\-])[0-9A-Fa-f]{2}(?:(?P=sign)[0-9A-Fa-f]{2})*)(?![0-9A-Za-z])")
_DECIMAL = re.compile(r"1?[0-9]{2}(?:[ ,;]{1,3}\s?1?[0-9]{2})+(?![0-9A-Za-z.])")
_BINARY = re.compile(r"[01]{8}(?: ?[01]{8})+(?![0-9A-Za-z.])")

_FORMS: tuple[tuple[re.Pattern[str], re.Pattern[str], int], ...] = (
    (_HEX_SIGNED, re.compile(r"0[xX][0-9A-Fa-f]{2}"), 16),
    (_BINARY, re.compile(r"[01]{8}"), 2),
    (_HEX, re.compile(r"[0-9A-Fa-f]{2}"), 16),
    (_DECIMAL, re.compile(r"[0-9]{2,3}"), 10),
)


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        for row, one, base in _FORMS:
            match = row.match(text, start)
            if match is None:
                continue
            found = list(_characters(text, match.start(), match.end(), one, base))
            if found:
                budget.take(len(found))
                yield from found
                position = match.end()
                break
            position = max(position, match.end())


def _characters(text: str, start: int, end: int, one: re.Pattern[str], base: int) -> Iterator[Replacement]:
    """A replacement for each number with what separates it from the next; none where they are not text."""
    numbers = [(number.start(), int(number.group(), base)) for number in one.finditer(text, start, end)]
    ordinary = sum(0x20 <= value < 0x7F or value in {9, 10, 13} for _, value in numbers)
    if len(numbers) < MIN or ordinary < len(numbers):
        return
    stops = [at for at, _ in numbers[1:]] + [end]
    for (at, value), stop in zip(numbers, stops, strict=True):
        yield Replacement(at, stop, chr(value), "character codes")


CHARACTER_CODES = Obfuscation(
    "character codes",
    SPELLING,
    (
        Prefilter(r"0[xX][2-7][0-9A-Fa-f], 0[xX][2-7][0-9A-Fa-f]", 10),
        Prefilter(r"0[xX][2-7][0-9A-Fa-f],0[xX][2-7][0-9A-Fa-f]", 9),
        Prefilter(r"0[xX][2-7][0-9A-Fa-f] 0[xX][2-7][0-9A-Fa-f]", 9),
        Prefilter(r"[^0-9A-Za-z](?:[2-7][0-9A-Fa-f] ){6}", 18),
        Prefilter(r"[^0-9A-Za-z](?:[2-7][0-9A-Fa-f]:){6}", 18),
        Prefilter(r"[^0-9A-Za-z](?:[2-7][0-9A-Fa-f]-){6}", 18),
        *(
            Prefilter(
                f"[^a0]{sign.join('0' * digits for digits in lengths)}-", sum(lengths) + 3 * len(sign) + 1, Form.SHAPES
            )
            for lengths in itertools.product((2, 3), repeat=4)
            for sign in ("-", "- ")
        ),
        Prefilter("[^a0]00000000 00000000 00000000 ", 27, Form.SHAPES),
    ),
    _find,
    telling=("character codes",),
)
