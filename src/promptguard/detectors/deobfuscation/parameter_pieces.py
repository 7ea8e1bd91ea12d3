"""Parameters of header fields in pieces: `title*0="AKIA"; title*1="Q3…"` (RFC 2231, section 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.interface import (
    PIECES,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

_REACH: Final = 80
"""Characters of a name and what stands before it."""
_MAX_PIECES_LENGTH: Final = 8_192
"""Characters of the pieces before one, in which the first has to stand."""
_GAP: Final = re.compile(r"\"?[ \t]{0,8};\s{0,16}(?P<name>[\w!#$&+.^-]{1,40})\*[1-9][0-9]?\*?=\"?")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for star in starts:
        begin = text.rfind(";", max(star - _REACH, position), star)
        if begin < 0:
            continue
        while begin > max(position, star - _REACH) and text[begin - 1] in " \t":
            begin -= 1
        begin -= begin > position and text[begin - 1] == '"'
        gap = _GAP.match(text, begin)
        if gap is None or text.rfind(f"{gap['name']}*0", max(0, begin - _MAX_PIECES_LENGTH), begin) < 0:
            continue
        budget.take(1)
        yield Replacement(begin, gap.end(), "", "parameter in pieces")
        position = gap.end()


PARAMETER_PIECES: Final = Obfuscation(
    "parameter pieces",
    PIECES,
    tuple(
        Prefilter(rf"[A-Za-z0-9_-]\*[1-9]{more}=[^=]", 4 + width)
        for more, width in (("", 0), ("[0-9]", 1), (r"\*", 1), (r"[0-9]\*", 2))
    ),
    _find,
)
