"""Markdown, HTML and XML within a value, which is shown or read in one piece: `AKIA**3KV7**…`, `4539<!-- -->1488…`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.interface import SPELLING, ExpansionBudget, Obfuscation, Prefilter, Replacement
from promptguard.detectors.deobfuscation.value_forms import begin_of, may_be_value

KIND: Final = "markup within a value"

MAX_BEFORE: Final = 200
"""Characters of a value before the first mark in it."""

MAX_NUMBER: Final = 400
"""Characters in which a number stands with its marks."""

_ELEMENTS: Final = (
    "a", "abbr", "b", "bdi", "bdo", "big", "br", "code", "del", "em", "font", "i", "ins", "kbd", "label", "mark", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "tt", "u", "var", "wbr",
)  # fmt: skip
"""That begin no block (HTML Standard, 4.5); `br`, because numbers are broken over lines too."""
_TAG: Final = (
    r"<!--[^<>]{0,80}?-->|(?:\]\]>)?<!\[CDATA\[|\]\]>|<\?[^<>]{1,80}?\?>"  # XML 1.0, 2.5 to 2.7
    rf"|</?(?i:{'|'.join(_ELEMENTS)})(?:\s[^<>]{{0,120}})?/?>"
)
_MARK: Final = rf"(?:\*{{1,6}}|`{{1,3}}|~~|__|{_TAG})"
_MARKS: Final = re.compile(_MARK)
_CHARACTER: Final = re.compile(r"[A-Za-z0-9.@+_*`~-]")
_PIECE: Final = re.compile(rf"(?:{_MARK}|[A-Za-z0-9.@+_-])+")
_ENDS_GROUP: Final = re.compile(r"\d{4}[*`~<]{0,6}\Z")
_NUMBER: Final = re.compile(rf"(?<![\w.,])\d(?:(?:{_MARK}|[ -]){{0,5}}\d){{12,18}}(?!\w)")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        piece = _PIECE.match(text, begin_of(text, start, max(position, start - MAX_BEFORE), _CHARACTER))
        value = piece if piece and may_be_value(_MARKS.sub("", piece.group()).strip("._-")) else None
        found = value or _number(text, start, position)
        position = max(found.end() if found else piece.end() if piece else 0, start + 1)
        if found is None:
            continue
        budget.take(position - found.start())
        for mark in _MARKS.finditer(text, found.start(), position):
            yield Replacement(mark.start(), mark.end(), "", KIND)


def _number(text: str, start: int, earliest: int) -> re.Match[str] | None:
    """A card's number of which groups are marked one by one: `**4539** **1488** …`."""
    if not _ENDS_GROUP.search(text, max(earliest, start - 10), start + 1):
        return None
    return _NUMBER.search(text, max(earliest, start - MAX_NUMBER // 8), start + MAX_NUMBER)


MARKUP_WITHIN: Final = Obfuscation(
    "markup within values",
    SPELLING,
    (
        Prefilter(r"[A-Za-z0-9.@-](?:\*{1,6}|`{1,3}|~~)[A-Za-z0-9.@]", 2),
        Prefilter(r"[A-Z0-9]__[A-Z0-9.@]", 2),
        Prefilter(r"[0-9](?:\*\*|`|~~)[ ]", 2),
        Prefilter(r"[A-Za-z0-9.@-]<!--", 5),
        Prefilter(r"[A-Za-z0-9.@-]\]\]>", 4),
        Prefilter(r"[A-Za-z0-9.@-]<!\[CDATA\[", 10),
        Prefilter(r"[A-Za-z0-9.@-]<\?", 3),
        *(
            Prefilter(rf"[a-z0-9.@-]{begin}{element}[ />]", len(begin) + len(element) + 2, caseless=True)
            for element in _ELEMENTS
            for begin in ("<", "</")
        ),
    ),
    _find,
)
