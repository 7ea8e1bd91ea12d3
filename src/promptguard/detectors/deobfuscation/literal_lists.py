"""Lists of string literals that a call joins: `"".join(["AKIA", "Q3…"])`, `CONCAT('a', 'b')`, `['a', 'b'].join('')`,
`"%s%s" % ("a", "b")`; and lists of single characters, whatever joins them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import (
    PIECES,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

KIND = "literals in a list"

MAX_LIST_LENGTH = 4_000
"""Characters of a list that is looked at from its end."""

_MIN_CHARACTERS = 8
"""Single characters in a list: fewer are no secret."""

_LITERAL = re.compile(r"[@fbruFBRUL]{0,2}(?P<quote>[\"'])(?P<piece>[^\s\"']{0,80})(?P=quote)")
_COMMA = re.compile(r"[\s\\]{0,40},[\s\\]{0,40}")
_OPENERS = re.compile(
    r"\s{0,40}(?:(?:\[\]string|new ?(?:[Ss]tring)?\[\] ?|array|list|tuple|c|List\.of|Arrays\.asList|@)?[\[({]"
    r"\s{0,40}){0,3}"
)
_SEPARATOR = re.compile(r"\s{0,8}(?P<quote>[\"'])(?P<sign>[^\n\"'{}%]{0,4})(?P=quote)\s{0,8},(?=\s{0,40}[\w@.]*[\[({])")
"""The first argument of Terraform's `join` and PHP's `implode`."""
_SEPARATOR_BEFORE = re.compile(r"[\"'](?P<sign>[^\n\"'{}%]{0,4})[\"']\.\w{1,10}\($")
"""What Python's `join` is called on."""
_SEPARATOR_AFTER = re.compile(
    r"[\s\])}]{0,40}(?:\.?-?(?:join|Join)\(?|,)\s{0,8}(?P<quote>[\"'])(?P<sign>[^\n\"'{}%]{0,4})(?P=quote)"
)
_LISTING = frozenset(",;|&\\ \t")
"""Separators that are to be seen between entries: they stay entries."""
_TEMPLATE = re.compile(r"(?:%[sv]|\{\d?(?::s)?\})+")
_OPENING_OF = {"]": "[", ")": "(", "}": "{"}
_WORDS = re.compile(r"[^\s\[\](){}\"',]{1,80}(?:\s{1,8}[^\s\[\](){}\"',]{1,80}){1,40}(?=[\])}]\.join\b)")
"""Ruby's `%w[AKIA Q3…].join`."""
_GAP = re.compile(r"\s+")

type Pieces = list[tuple[int, int]]
"""Where the contents of literals that follow each other stand."""


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        pieces, sign = _joined(text, start, position)
        if len(pieces) < 2:
            continue
        position = pieces[-1][1]
        if _LISTING.isdisjoint(sign):
            yield from _glued(pieces, sign, budget)


def _joined(text: str, start: int, position: int) -> tuple[Pieces, str]:
    """The pieces of the list that a call joins which begins or ends at `start`, and what it puts between them."""
    opening = _OPENING_OF.get(text[start])
    if opening:
        begin = text.rfind(opening, max(start - MAX_LIST_LENGTH, position), start)
        after = _SEPARATOR_AFTER.match(text, start)
        return _pieces(text, begin + 1) if begin >= 0 else [], after["sign"] if after else ""
    if text.startswith("%w", start):
        words = _WORDS.match(text, start + 3)
        return _words(text, *words.span()) if words else [], ""
    separator = _SEPARATOR.match(text, start)
    before = separator or _SEPARATOR_BEFORE.search(text, max(start - 16, 0), start)
    openers = _OPENERS.match(text, separator.end() if separator else start)
    pieces = _pieces(text, openers.end() if openers else start)
    if pieces and _TEMPLATE.fullmatch(text, *pieces[0]):
        del pieces[0]
    after = _SEPARATOR_AFTER.match(text, pieces[-1][1] + 1) if pieces and not before else None
    return pieces, (before or after or {"sign": ""})["sign"]


def _pieces(text: str, start: int) -> Pieces:
    pieces = []
    literal = _LITERAL.match(text, start)
    while literal:
        pieces.append(literal.span("piece"))
        comma = _COMMA.match(text, literal.end())
        literal = _LITERAL.match(text, comma.end()) if comma else None
    return pieces


def _words(text: str, start: int, end: int) -> Pieces:
    gaps = [gap.span() for gap in _GAP.finditer(text, start, end)]
    edges = [start, *(edge for gap in gaps for edge in gap), end]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _glued(pieces: Pieces, sign: str, budget: ExpansionBudget) -> Iterator[Replacement]:
    """The pieces with nothing between them but the separator."""
    budget.take(len(pieces))
    for (_, end), (start, _) in itertools.pairwise(pieces):
        yield Replacement(end, start, sign, KIND)


def _find_characters(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        pieces = _pieces(text, start)
        position = pieces[-1][1] if pieces else start
        pieces = list(itertools.takewhile(lambda piece: piece[1] - piece[0] == 1, pieces))
        if len(pieces) >= _MIN_CHARACTERS:
            yield from _glued(pieces, "", budget)


_CALLS = "concat|concatenate|join|implode|paste0|strcat|sprintf|format|cat|sprint|string_concat|string.join|asprintf"
_LISTS = r"[\"'\[({]"


def _prefilters() -> Iterator[Prefilter]:
    for space in ("", " ", "\n  ", "\n    "):
        yield Prefilter(rf"(?:{_CALLS})!?\({space}{_LISTS}", 1 + len(space), caseless=True)
    yield Prefilter(r"(?:join|concat)\((?:\[\]|new|array|list|arrays|c\()", 0, caseless=True)
    yield Prefilter(r"-join [(@\"']", 1, caseless=True)
    yield Prefilter(r"%[sv][\"'] % \(", 1)
    yield Prefilter(r"[}][\"'] -f [(\"']", 1)
    for sign, width in ((r"\.join", 5), (" -join", 6)):
        yield Prefilter(rf"[\"']\s?[\])}}]{sign}", 1 + width)
    yield Prefilter(r"%w[\[({]", 3)


LITERAL_LISTS = Obfuscation("literals in a list", PIECES, tuple(_prefilters()), _find)


LISTED_CHARACTERS = Obfuscation(
    "characters in a list",
    PIECES,
    tuple(
        Prefilter("".join(f"[\"'][!-~][\"']{gap}" for _ in range(3)), 3 * (3 + len(gap)))
        for gap in (",", ", ", ",\n  ", ",\n    ", ",\n\t")
    ),
    _find_characters,
)
