"""A text as the network reads it: words and signs, and what stands before each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*|[^\w\s]|_")
"""A run of letters and digits, with marks that combine, or a single sign."""

NONE, SPACE, LINE, PARAGRAPH = range(4)
"""What stands before a token: nothing, white space, the start of a line, or a blank line (or the start of the text)."""

GAPS: Final = 8
"""Kinds of gaps: each of the four in a text without capital letters, then in one with them."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text."""

    written: list[str]
    starts: list[int]
    """Where each token starts, in characters."""
    gaps: list[int]
    """What stands before each token, 0 to `GAPS` - 1."""

    @property
    def ends(self) -> list[int]:
        """Where each token ends, exclusive."""
        return [start + len(token) for start, token in zip(self.starts, self.written, strict=True)]


def tokens(text: str) -> Tokens:
    """Cut `text` into tokens. Linear in its length."""
    written: list[str] = []
    starts: list[int] = []
    gaps: list[int] = []
    end = -1
    cased = 0 if text.islower() or not any(map(str.isupper, text)) else 4
    for match in _TOKEN.finditer(text):
        start, stop = match.span()
        if start == end:
            gap = NONE
        elif end < 0:
            gap = PARAGRAPH
        elif start == end + 1:
            gap = LINE if text[end] == "\n" else SPACE
        else:
            lines = text.count("\n", end, start)
            gap = SPACE if not lines else LINE if lines == 1 else PARAGRAPH
        written.append(match[0])
        starts.append(start)
        gaps.append(gap + cased)
        end = stop
    return Tokens(written, starts, gaps)
