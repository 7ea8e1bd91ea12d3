"""Characters that calls make of their numbers: `chr(65) + chr(75)`, `Chr(65) & "K"`, `CHAR(65)||'K'`, `[char]0x41`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import (
    PIECES,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

KIND = "characters from numbers"

_NAME = (
    r"(?:(?:String\.)?from(?:CharCode|CodePoint)|n?chr[wb]?\$?|n?char|unichr|rune|(?:Convert\.)?ToChar|[\[(]char[\])])"
)
_CALL = re.compile(
    rf"{_NAME}[ ]?\(?[ ]?(?:0x(?P<hexadecimal>[0-9A-F]{{2}})|(?P<decimal>[0-9]{{2,3}}))(?![0-9A-Za-z])[ ]?\)?",
    re.IGNORECASE,
)
_HEAD = re.compile(rf"(?<![A-Za-z0-9_]){_NAME}[ ]?\(?[ ]?$", re.IGNORECASE)
_HEAD_LENGTH = 28
_JOINED_AFTER = re.compile(rf"\s{{0,8}}(?:[+.&~,]|\|\||\.\.)\s{{0,8}}(?:[\"'`]|{_NAME})", re.IGNORECASE)
_JOINED_BEFORE = re.compile(r"[\"'`)\d]\s{0,8}(?:[+.&~,]|\|\||\.\.)\s{0,8}$")
_OPERATOR_LENGTH = 20


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for digits in starts:
        head = _HEAD.search(text, max(digits - _HEAD_LENGTH, position), digits)
        call = _CALL.match(text, head.start()) if head else None
        if call is None:
            continue
        code = int(call["hexadecimal"], 16) if call["hexadecimal"] else int(call["decimal"])
        joined = _JOINED_AFTER.match(text, call.end()) or _JOINED_BEFORE.search(
            text, max(call.start() - _OPERATOR_LENGTH, 0), call.start()
        )
        position = call.end()
        if joined and 0x20 <= code < 0x7F:
            budget.take(3)
            quote = "'" if chr(code) == '"' else '"'
            yield Replacement(call.start(), position, f"{quote}{chr(code)}{quote}", KIND)


_NAMES = r"(?:charcode|codepoint|chr|char|chr[wb]|chr\$|rune|[\[(]char[\])])"

CHARACTER_CALLS = Obfuscation(
    "character calls",
    PIECES,
    tuple(
        Prefilter(f"{_NAMES}{bracket}{space}{number}", width, caseless=True)
        for bracket in (r"\(", "")
        for space in ("", " ")
        for number, width in (("[0-9]{2}", 2), ("0x[0-9a-f]{2}", 4))
    ),
    _find,
)
"""As literals, which are joined with those beside them when the reading is read in turn."""
