"""Values spaced out: `s k - a n t - …`, `4.1.1.1.…`, and digit groups with signs between them that no card is written
with."""

from __future__ import annotations

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

MIN = 10
"""Characters that must stand one by one."""

_SINGLES = re.compile(r"(?<![^\s])[!-~](?: {1,3}[!-~](?![^ \r\n])){3,}")
_SIGN = re.compile(r" [._*/-] |[._,|*/\n-]")
_SIGNS = frozenset("._,|*/-\n") | {" - ", " . ", " _ ", " * ", " / "}
"""What stands between characters; lists have commas with spaces, tables have bars."""
_ROWS = {sign: re.compile(rf"[!-~](?:{re.escape(sign)}[!-~](?![^\W_]))+") for sign in _SIGNS}
_DIGITS_AND_SIGNS = re.compile(r"[\d ._,|*/-]+")
_ROW_OF_DIGITS = re.compile(r"[\s\[(|\"']{0,16}\d(?: [._*/-] |[._,|*/-])\d(?: [._*/-] |[._,|*/-])\d(?!\d)")
_GAP = re.compile(r" +")
_DIGIT_GROUPS = re.compile(
    r"(?<![\w.,])\d{4}(?P<sign>[ ]?[._*/ -][ ]?)\d{4}(?:(?P=sign)\d{4}){2}(?:(?P=sign)\d{1,3})?(?![\w])"
)
_DIGITS_AND_SPACES = re.compile(r"[\d ]+")


def _find_singles(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        first = _first_single(text, start, position)
        match = _SINGLES.match(text, first) or _SINGLES.match(text, start)
        if match is None or (match.end() - match.start()) // 2 < MIN:
            position = match.end() if match else start + 1
            continue
        position = match.end()
        if _is_table(text, match):
            continue
        budget.take(position - match.start())
        for gap in _GAP.finditer(text, match.start(), position):
            # Two spaces stand between words, three or more between what does not belong together.
            yield Replacement(gap.start(), gap.end(), "" if gap.end() - gap.start() == 1 else " ", "spaced")


def _first_single(text: str, start: int, earliest: int) -> int:
    """Where a row of single characters begins that goes through `start`: it knows letters and digits only."""
    while start - 2 >= earliest and text[start - 1] == " " and text[start - 2] not in " \n\r\t":
        if start - 3 >= earliest and not text[start - 3].isspace():
            break
        start -= 2
    return start


def _is_table(text: str, match: re.Match[str]) -> bool:
    """Whether digits spaced out are one row of many: the line before or after is like it."""
    if not _DIGITS_AND_SPACES.fullmatch(match.group()):
        return False
    before = text.rfind("\n", 0, match.start())
    above = text[max(text.rfind("\n", 0, max(before, 0)) + 1, before - 80) : max(before, 0)]
    below = text[match.end() : match.end() + 80].partition("\n")[2].partition("\n")[0]
    return any(_DIGITS_AND_SPACES.fullmatch(line.strip(" \r,;[]()") or "x") for line in (above, below))


def _find_separated(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        sign = _SIGN.match(text, start) if start >= position else None
        if sign is None or sign.group() not in _SIGNS:
            continue
        separator = sign.group()
        first = _first_separated(text, start, separator, position)
        row = _ROWS[separator].match(text, first)
        if row is None:
            continue
        position = row.end()
        step = len(separator) + 1
        if (position - first) // step + 1 < MIN or _has_like_lines(text, first, position):
            continue
        if separator == "\n" and text[first:position:step].isdigit():
            continue  # a column
        budget.take(position - first)
        for index in range(first + 1, position, step):
            yield Replacement(index, index + step - 1, "", "spaced")


def _first_separated(text: str, start: int, separator: str, earliest: int) -> int:
    """Where a row begins that goes through the separator at `start`: its first character ends no word."""
    step = len(separator) + 1
    while start - step >= earliest and text.startswith(separator, start - step) and "!" <= text[start - 1] <= "~":
        start -= step
    if start > earliest and "!" <= text[start - 1] <= "~":
        before = text[start - 2] if start - 2 >= earliest else " "
        if not (before.isalnum() or before == "_"):
            return start - 1
    return start + step - 1


def _has_like_lines(text: str, start: int, end: int) -> bool:
    """Whether a row of digits is one of many: the line before or after begins like it."""
    if not _DIGITS_AND_SIGNS.fullmatch(text, start, end):
        return False
    above = text.rfind("\n", max(start - 80, 0), start)
    line = text[max(above - 160, 0) : max(above, 0)].rpartition("\n")[2]
    below = text[end : end + 80].partition("\n")[2]
    return any(_ROW_OF_DIGITS.match(each) for each in (line, below))


def _find_groups(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        match = _DIGIT_GROUPS.match(text, start) if start >= position else None
        if match is None:
            continue
        position = match.end()
        sign = match.group("sign")
        if sign in {" ", "-", "."}:
            continue  # as cards are written: found as they are
        if _has_like_neighbours(text, start, position, sign):
            continue
        budget.take(position - start)
        index = text.find(sign, start, position)
        while index >= 0:
            yield Replacement(index, index + len(sign), "-", "split digits")
            index = text.find(sign, index + len(sign), position)


def _has_like_neighbours(text: str, start: int, end: int, sign: str) -> bool:
    """Whether the line before or after has numbers in the same columns: a table."""
    line_start, line_end = text.rfind("\n", max(start - 80, 0), start), text.find("\n", end, end + 80)
    above = text[max(line_start - 80, 0) : line_start].rpartition("\n")[2] if line_start > 0 else ""
    below = text[line_end + 1 : line_end + 80].partition("\n")[0] if line_end >= 0 else ""
    row = re.compile(rf"\d{re.escape(sign)}\d")
    return any(row.search(line) for line in (above, below))


SPACED = Obfuscation(
    "spaced", SPELLING, (Prefilter("[ \\n?-][a0] [a0] [a0] ", 6, Form.SHAPES),), _find_singles, telling=("spaced",)
)
SEPARATED = Obfuscation(
    "separated",
    SPELLING,
    (
        Prefilter("-[a0]-[a0]-[a0]-[a0]-", 9, Form.SHAPES),
        Prefilter(" - [a0] - [a0] - [a0] - ", 15, Form.SHAPES),
        Prefilter("\n[a0]\n[a0]\n[a0]\n[a0]\n", 9, Form.SHAPES),
    ),
    _find_separated,
    telling=("spaced",),
)
DIGIT_GROUPS = Obfuscation(
    "digit groups",
    SPELLING,
    (
        Prefilter("[^a0]0000[- ]0000[- ]0000[- ]", 15, Form.SHAPES),
        Prefilter("[^a0]0000[- ][- ]0000[- ][- ]0000[- ]", 17, Form.SHAPES),
        Prefilter("[^a0]0000[- ][- ][- ]0000[- ][- ][- ]0000[- ]", 19, Form.SHAPES),
    ),
    _find_groups,
)
