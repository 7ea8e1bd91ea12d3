"""Values broken into lines of equal width, as in a narrow column: a key, an address or an account number in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import (
    LINES,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)

KIND = "wrapped lines"

NARROWEST = 4
MAX_WIDTH = 20
"""Characters of a line; tokens on longer ones are joined by `joins`."""

MIN_LENGTH = 10
MAX_LENGTH = 320
"""Characters of all lines together: no value is longer than the longest address (RFC 5321 4.5.3.1), but lists are."""

_PIECE = r"[\w.+/=@!#$%&*?^~:-]"
"""What values are made of, and neither code nor the rows of a table."""
_LINE = re.compile(rf"\n(?P<line>{_PIECE}{{{NARROWEST},{MAX_WIDTH}}})(?=\r?\n)", re.ASCII)
"""A line without spaces that is not the last one."""
_LAST = re.compile(rf"\r?\n(?P<last>{_PIECE}{{1,{MAX_WIDTH}}})(?P<more>[^\S\r\n]?)", re.ASCII)
_PIECES = re.compile(f"{_PIECE}+", re.ASCII)
_BEFORE = frozenset(" \t\n\r\"'`(<[=:")
"""What may stand before the first piece."""
_TITLE = re.compile(r"[A-Z][a-z]+[.,:!?]?")
"""A word that begins a sentence."""
_ENTRY = re.compile(r"[A-Za-z_][\w.-]*[=:].", re.ASCII)
"""`NAME=value`: one of several settings."""
_WHOLE_ADDRESS = re.compile(r"[^@]+@[^@]+\.[A-Za-z]{2,}")
_ANY_NUMBER = re.compile(r"\r?\n\d")
_MIN_CARD_LENGTH, _MAX_CARD_LENGTH = 13, 19
"""Digits (ISO/IEC 7812-1)."""


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for line in _LINE.finditer(text, max(starts[0] - MAX_WIDTH, 0)):
        line_start, line_end = line.span("line")
        before = line.start()
        if before and text[before - 1] == "\r":
            before -= 1
        width = line_end - line_start
        first = before - width
        # Most lines are not as long as what ends the line before them.
        if first < position or (first and text[first - 1] not in _BEFORE) or not _PIECES.fullmatch(text, first, before):
            continue
        cuts, position = _row(text, first, width)
        if _is_value(text, first, cuts, position):
            budget.take(len(cuts))
            for start, stop in cuts:
                yield Replacement(start, stop, "", KIND)


def _row(text: str, first: int, width: int) -> tuple[list[tuple[int, int]], int]:
    """The line ends between the pieces of a row, and where its last piece ends."""
    cuts: list[tuple[int, int]] = []
    end = first + width
    while more := _LAST.match(text, end):
        piece = more["last"]
        if len(piece) > width or not _ends(text, more.end("last")):
            break
        is_last = len(piece) < width or bool(more["more"])
        if is_last and _TITLE.fullmatch(piece):
            break
        cuts.append((end, more.start("last")))
        end = more.end("last")
        if is_last:
            break
    return cuts, end


def _ends(text: str, end: int) -> bool:
    """Whether a piece that ends here is followed by no more of a word."""
    return end == len(text) or text[end].isspace() or text[end] in "\"'`),;>]"


def _is_value(text: str, first: int, cuts: Sequence[tuple[int, int]], end: int) -> bool:
    """Whether the pieces look like parts of one value rather than like the entries of a list."""
    if len(cuts) < 2:
        return False
    edges = [first, *(edge for cut in cuts for edge in cut), end]
    pieces = [text[start:stop] for start, stop in zip(edges[::2], edges[1::2], strict=True)]
    joined = "".join(pieces)
    if not MIN_LENGTH <= len(joined) <= MAX_LENGTH or joined.count("@") > 1:
        return False
    if any(_ENTRY.match(piece) or _WHOLE_ADDRESS.fullmatch(piece) for piece in pieces):
        return False
    if not joined.isdigit():
        return "@" in joined or any(character.isdigit() for character in joined)
    alone = first == 0 or text[first - 1] == "\n"
    if len(pieces[-1]) == len(pieces[0]) and alone:
        return False  # a column of numbers
    among = (alone and text[max(first - 2, 0) : first - 1].isdigit()) or _ANY_NUMBER.match(text, end)
    return _MIN_CARD_LENGTH <= len(joined) <= _MAX_CARD_LENGTH and not among


WRAPPED = Obfuscation(
    "wrapped",
    LINES,
    (Prefilter(rf"\n[a0?-]{{{NARROWEST},{MAX_WIDTH}}}\r?\n[a0?-]", 2, Form.SHAPES, once=True),),
    _find,
    telling=(KIND,),
)
