"""Values that touch what is no part of them: letters and digits of another script, marks of emphasis, the commas of a
list.

Recognizers ask for a border of words around a value, and to them a letter is a letter, a digit a digit:
`密钥AKIA…是否` is one word, as are `٣DE89…` and `_anna@firma.test_`. The border that counts is that of the value's own
alphabet. A space is put where it runs, so that every recognizer finds the value, a company's own and Presidio's too.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

import numpy

from promptguard.detectors.deobfuscation.interface import (
    BORDERS,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)

KIND = "border of a word"
"""Nothing is hidden by it: findings do not name it."""

MIN_RUN = 4
"""ASCII characters of a value beside a letter or digit of another script."""

MAX_EMPHASIS = 120
"""Characters between two marks of emphasis."""

_TOLD_APART = 0x20000
"""Code points whose letters are looked up one by one: the first two planes."""

_STARTS_OF_NUMBERS = (0x28, 0x2B)
"""`(` and `+`."""

_SIGNS_OF_VALUES = re.compile(r"[0-9@]")

_EMPHASIS = re.compile(
    rf"(?P<mark>_(?<![\w*]_)_{{0,2}}|\*(?<![\w*]\*)\*{{0,2}})(?=[^\s_*])(?P<inner>[^\n]{{{MIN_RUN},{MAX_EMPHASIS}}}?)"
    r"(?<![\s\\])(?P=mark)(?![\w*])"
)
"""CommonMark 6.2: marks that nothing separates from what they emphasise, and no letter touches from outside. Like the
expressions that follow it begins with the sign itself, which is looked for many times faster than what precedes it."""

_SIGN = r"[ \t>|]{0,8}[-+](?=[0-9A-Fa-f]{1,4}[.:-][0-9A-Fa-f]{1,4}[.:-][0-9A-Fa-f])"
_FIRST_LINE, _LINE = re.compile(_SIGN), re.compile(rf"\n{_SIGN}")
"""A list's or a patch's sign, glued to a number in groups."""

_NUMBER = re.compile(r"[\d+(](?<![\d.][\d+(])[\d ()/+-]{5,40}\d(?!\d|\.(?!0{1,2}(?!\d))\d)")
_BESIDE_COMMA = re.compile(r",(?:(?=[\d+(][\d ()/+-]{5})|(?<=[\d ()/+-]{6}\d,))")
"""A comma before or behind what may be such a number: without one, no number has to be looked for."""
_LONG = 12
"""Digits of a number that are neither decimals nor thousands."""


@functools.cache
def _foreign() -> numpy.ndarray[tuple[int], numpy.dtype[numpy.bool_]]:
    """Of every code point whether it is a letter, mark or digit that belongs to no Latin word: 1.1 MB, made once."""
    table = numpy.zeros(0x110000, dtype=numpy.bool_)
    table[:_TOLD_APART] = [_is_foreign(chr(point)) for point in range(_TOLD_APART)]
    table[_TOLD_APART:0x32000] = True  # the ideographs of planes 2 and 3
    table[0xE0100:0xE01F0] = True  # selectors of variants
    return table


def _is_foreign(character: str) -> bool:
    """A letter or mark beyond the Latin script; accents and umlauts are letters of Latin words. All digits but those of
    ASCII, raised and encircled ones too: to `\\w` and `\\d` they are more of the number that they touch."""
    category = unicodedata.category(character)
    if character < "\xaa" or category[0] not in "LMN":
        return False
    if category[0] == "N":
        return True
    if category[0] == "M":
        return not 0x300 <= ord(character) < 0x370
    return character in "ªº" or not unicodedata.name(character, "").startswith(("LATIN", "MICRO"))


def _find_scripts(text: str, _starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    points = numpy.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=numpy.uint32)
    foreign = _foreign()[points]
    if len(points) <= MIN_RUN or not foreign.any():
        return
    visible = (points > 0x20) & (points < 0x7F)
    # A number may go on after a space: `は+49 171 …`.
    number = ((points >= 0x30) & (points <= 0x39)) | numpy.isin(points, _STARTS_OF_NUMBERS)
    runs = numpy.logical_and.reduce([visible[at : len(points) - MIN_RUN + 1 + at] for at in range(MIN_RUN)])
    borders = numpy.zeros(len(points), dtype=numpy.bool_)
    borders[1 : len(runs)] |= foreign[: len(runs) - 1] & runs[1:]
    borders[1:] |= foreign[:-1] & number[1:]
    borders[MIN_RUN:] |= foreign[MIN_RUN:] & runs[: len(points) - MIN_RUN]
    borders[1:] |= foreign[1:] & number[:-1]
    for position in numpy.flatnonzero(borders).tolist():
        budget.take(1)
        yield Replacement(position, position, " ", KIND)


def _find_marks(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    found = heapq.merge(_lines(text), _emphasis(text, starts[0]), _commas(text, starts[0]), key=lambda each: each.start)
    for replacement in found:
        budget.take(len(replacement.text))
        yield replacement


def _emphasis(text: str, start: int) -> Iterator[Replacement]:
    for match in _EMPHASIS.finditer(text, start):
        if _SIGNS_OF_VALUES.search(match["inner"]):
            first, last = match.span("inner")
            yield Replacement(match.start(), first, " ", KIND)
            yield Replacement(last, match.end(), " ", KIND)


def _lines(text: str) -> Iterator[Replacement]:
    first = _FIRST_LINE.match(text)
    for match in itertools.chain([first] if first else [], _LINE.finditer(text)):
        yield Replacement(match.end(), match.end(), " ", KIND)


def _commas(text: str, start: int) -> Iterator[Replacement]:
    """Commas beside long numbers that separate fields: neither of decimals nor of thousands."""
    if not _BESIDE_COMMA.search(text, max(start - 1, 0)):
        return
    for match in _NUMBER.finditer(text, start):
        first, last = match.span()
        if text[first - 1 : first] == "," and _begins_field(text, first, match.group()):
            yield Replacement(first - 1, first, " , ", KIND)
        if text[last : last + 1] == "," and text[last + 1 : last + 2].isdigit():
            yield Replacement(last, last + 1, " , ", KIND)


def _begins_field(text: str, start: int, number: str) -> bool:
    before = text[max(0, start - 3) : start - 1]
    if not before[-1:].isdigit():
        return bool(before.strip())
    return before.lstrip(",;( ") != "0" and (len(number) >= _LONG or not number.isdigit())


SCRIPTS = Obfuscation(
    "scripts",
    BORDERS,
    (Prefilter(r"[.cLFmin]", 0, Form.UNICODE, once=True),),
    _find_scripts,
)

MARKS = Obfuscation(
    "marks beside values",
    BORDERS,
    (
        Prefilter(r"[^A-Za-z0-9_*][_*]{1,3}[^\s_*]", 3, once=True),
        Prefilter(r"[\n \t>|][-+][0-9A-Fa-f]{1,3}[.:-][0-9A-Fa-f]{1,4}[.:-][0-9A-Fa-f]", 12, once=True),
        Prefilter(r"[^\s0-9,],[0-9+(][0-9 ()./+-]{6}", 9, once=True),
        Prefilter(r"[0-9],[0-9+(][0-9 ()/+-]{5}", 8, once=True),
        Prefilter(r"[0-9+(][0-9 ()/+-]{5,40}[0-9],[0-9]", 49, once=True),
    ),
    _find_marks,
)
