"""Literals that stand within others: `f"AKIA{'Q3…'}"`, `${"AKIA"}Q3…`, `#{'a'}b`."""

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

KIND = "literals in a literal"

_MAX_PIECE_LENGTH = 80
_SIGNS = "[A-Za-z0-9_+/=.@!-]"
_PIECE = re.compile(rf"(?P<before>[$#]?\{{(?P<quote>[\"'])){_SIGNS}{{1,{_MAX_PIECE_LENGTH}}}(?P<after>(?P=quote)\}})")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for end in starts:
        begin = text.rfind("{", max(end - _MAX_PIECE_LENGTH - 2, position), end)
        if begin < 0:
            continue
        begin -= begin > position and text[begin - 1] in "$#"
        match = _PIECE.match(text, begin)
        if match is None:
            continue
        budget.take(2)
        yield Replacement(*match.span("before"), "", KIND)
        yield Replacement(*match.span("after"), "", KIND)
        position = match.end()


INTERPOLATIONS = Obfuscation(
    "interpolations",
    PIECES,
    tuple(
        Prefilter(rf"[{{]{quote}{_SIGNS}{{1,{_MAX_PIECE_LENGTH}}}{quote}[}}]{after}", 2 + width)
        for quote in "\"'"
        for after, width in ((r"[A-Za-z0-9_+/=.@!$#{{\"'`-]", 1),)
    ),
    _find,
)
