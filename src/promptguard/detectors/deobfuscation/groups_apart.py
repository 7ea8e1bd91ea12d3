"""A card number in four fields or cells: `card1=4539&card2=1488&…`, `<input name="cc1" value="4539">`, `the first
four are 4539, then 1488, …`.

A word beside them has to speak of a card, and what stands between the groups has to be alike, or to speak of groups.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.interface import (
    SPELLING,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

MAX_BETWEEN: Final = 64
"""Characters between two groups: an element with its attributes."""

_SIZES: Final = ((4, 4, 4, 4), (4, 6, 5))
"""As cards are embossed."""
_GROUP: Final = re.compile(r"(?<!\d)\d{4,6}(?!\d)")
_DIGIT: Final = re.compile(r"\d")
_SPOKEN: Final = re.compile(r"(?i)\b(?:four|4|group|block|digits|vier|ziffern|quatre|cuatro|last|first|then|next)\b")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        first = _GROUP.match(text, start) if start >= position else None
        if first is None:
            continue
        groups = _groups(text, first)
        if groups is None:
            continue
        position = groups[-1][1]
        budget.take(len(groups))
        # A comma without a space beside digits is taken for one within a number.
        edges = [(groups[0][0] - 1, groups[0][0], " "), (position, position + 1, " ")]
        gaps = [(end, begin, "") for (_, end), (begin, _) in itertools.pairwise(groups)]
        for begin, end, sign in (edges[0], *gaps, edges[1]):
            if not sign or text[begin:end] == ",":
                yield Replacement(begin, end, sign, "groups apart")


def _groups(text: str, first: re.Match[str]) -> list[tuple[int, int]] | None:
    """Where the groups of a card stand of which `first` is the first one."""
    found = [first.span()]
    for _ in range(4):
        end = found[-1][1]
        more = _GROUP.search(text, end + 1, end + MAX_BETWEEN + 6)
        if more is None:
            break
        found.append(more.span())
    sizes = tuple(end - begin for begin, end in found)
    for wanted in _SIZES:
        count = len(wanted)
        if sizes[:count] != wanted:
            continue
        gaps = [_DIGIT.sub("#", text[end:begin]) for (_, end), (begin, _) in itertools.pairwise(found)]
        alike = len(set(gaps[: count - 1])) == 1 and gaps[count - 1 :] != gaps[:1]
        if alike or all(map(_SPOKEN.search, gaps[: count - 1])) or (_SPOKEN.search(gaps[0]) and len(gaps) < count):
            return found[:count]
    return None


_WORDS = (
    "card|cc[_.-]?(?:no|num|number)?|karten?(?:nummer|nr)?|tarjeta|carta|carte|kaart|visa|mastercard|amex|kredit|credit"
    "|first four|pan|cvv|cvc|exp(?:iry|[._ -]?date)?"
)

GROUPS_APART: Final = Obfuscation(
    "groups apart",
    SPELLING,
    (
        Prefilter(
            rf"[^A-Za-z](?:{_WORDS})[^\n0-9]{{0,12}}[0-9]?[^0-9]{{1,40}}[0-9]{{4}}[^0-9A-Za-z.]", 5, caseless=True
        ),
    ),
    _find,
)
