"""A token that stands in pieces apart: `"AKIA…", "Q3…"`, `a = "AKIA…"; b = "Q3…"`, `the first half is AKIA…, the rest
Q3…`. Guessed: what the pieces make has to be a token of its vendor's form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import (
    SPELLING,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)
from promptguard.detectors.deobfuscation.markers import PREFIXES

KIND = "pieces apart"

MAX_GAP_LENGTH = 100
"""Characters between two pieces."""
MAX_PIECES = 8

_QUOTES = frozenset("\"'`")
_FIRST = re.compile(rf"(?:{'|'.join(map(re.escape, PREFIXES))})[A-Za-z0-9_\-+/=]*")
_MAX_FIRST_LENGTH = 80
_PIECE = re.compile(r"(?<![\w$])[A-Za-z0-9_\-+/=]{3,120}(?![\w]|[\"']?[ \t]{0,4}[:=][ \t\"'])")
"""Not what says what follows."""
_WORD = re.compile(r"[A-Z]?[a-z]+(?:[-_/][A-Za-z]?[a-z]*)*\d?|\d{1,2}|[A-Z]{3,4}|-+|=+|_+|/+")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        first = _FIRST.match(text, start) if start >= position else None
        if first is None or first.end() - start > _MAX_FIRST_LENGTH:
            continue
        if text.startswith("...", first.end()):
            continue  # cut short, as documents print tokens
        quoted = text[start - 1 : start] in _QUOTES
        position = first.end()
        for _ in range(MAX_PIECES):
            more = _next(text, position, quoted=quoted)
            if more is None:
                break
            budget.take(1)
            yield Replacement(position, more.start(), "", KIND)
            position = more.end()


def _next(text: str, position: int, *, quoted: bool) -> re.Match[str] | None:
    """The next piece: quoted, where the first one is; what is no word, where it is not."""
    for each in _PIECE.finditer(text, position, position + MAX_GAP_LENGTH):
        if quoted:
            # A variable may stand before the rest, or after it: `${key}Q3…`.
            accepted = text[each.start() - 1] in _QUOTES or text[each.end() : each.end() + 1] in _QUOTES
        else:
            accepted = not _WORD.fullmatch(each.group())
        if accepted:
            return each
    return None


TOKEN_PIECES = Obfuscation(
    "pieces apart",
    SPELLING,
    tuple(Prefilter(rf"[^A-Za-z0-9]{re.escape(prefix)}", len(prefix)) for prefix in PREFIXES if len(prefix) > 3),
    _find,
)
