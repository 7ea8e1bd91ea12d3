"""Uuencoded lines: each says first how many bytes it holds (POSIX.1-2017, uuencode)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.encoded import text_of_bytes
from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)
from promptguard.detectors.deobfuscation.radixes import WORDS

_LINE = re.compile(r"(?m)^[!-M][ -`]{8,84}$")


def _find(text: str, _starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    """Lines that say how many bytes they hold, one after the other."""
    start, end, data = 0, -1, b""
    for line in _LINE.finditer(text):
        size = ord(line[0][0]) - 0x20
        if len(line[0].rstrip()) - 1 > -(-size // 3) * 4 or -(-size // 3) * 4 > len(line[0]) + 2:
            continue
        if line.start() != end + 1:
            yield from _run(start, end, data, budget)
            start, data = line.start(), b""
        end = line.end()
        try:
            data += binascii.a2b_uu(line[0])
        except binascii.Error:
            continue
    yield from _run(start, end, data, budget)


def _run(start: int, end: int, data: bytes, budget: ExpansionBudget) -> Iterator[Replacement]:
    plain = text_of_bytes(data, budget) if len(data) >= 6 else None
    if plain is not None and WORDS.search(plain):
        yield Replacement(start, end, plain, "uuencoded")


UUENCODED = Obfuscation(
    "uuencoded",
    ENCODINGS,
    (Prefilter(r"\n[!-M][ -`]{8,84}\n", 10, once=True),),
    _find,
)
