r"""Characters written as escapes: `%40`, `%u0040`, `&#64;`, `\u0040`, `\x40`, `\100`, `=40`, `\n`, `U+0041`."""

from __future__ import annotations

import contextlib
import html
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    PIECES,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
"""RFC 3986 2.1. A run of them is one piece of UTF-8."""
_PERCENT_UNIT = re.compile(r"%[uU](?P<four>[0-9A-Fa-f]{4})")
"""What ECMAScript's `escape` writes (ECMA-262, B.2.1.1), and many servers read in forms: a unit of UTF-16."""
_QUOTED_PRINTABLE = re.compile(r"(?:=[0-9A-F]{2})+|=\r?\n")
"""RFC 2045 6.7, with the soft line break."""
_MAX_ENCODED_LINE_LENGTH = 76
"""Characters, by the same rule: a longer line that ends in `=` is a URL or base64."""
# Browsers take a number without its semicolon too (HTML, 13.2.5.84).
_ENTITY = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};)")
"""HTML 13.5 and XML: the semicolon is asked for, or query strings would be full of them."""
_CODE_POINTS = re.compile(r"U\+(?:[0-9A-F]{4,6}[ ,;\n]{0,2}(?:U\+(?=[0-9A-F]))?){4,}", re.IGNORECASE)
"""Four at least: fewer are talked about."""
_CODE_POINT = re.compile(r"U\+(?P<point>[0-9A-F]{4,6})[ ,;\n]{0,2}", re.IGNORECASE)
_BACKSLASH = re.compile(
    r"\\(?:N\{(?:U\+(?P<point>[0-9A-Fa-f]{4,6})|(?P<name>[A-Z][A-Z0-9 -]{1,80}))\}"
    # CSS Syntax 3, 4.3.7: up to six digits, and a space that ends them.
    r"|0000(?P<six>[2-7][0-9A-Fa-f]) ?|00(?P<css>[2-7][0-9A-Fa-f])(?![0-9A-Fa-f]) ?"
    r"|(?P<short>[2-7][0-9A-Fa-f]) "
    r"|u\{(?P<braced>[0-9A-Fa-f]{1,6})\}|u(?P<four>[0-9A-Fa-f]{4})|U(?P<eight>[0-9A-Fa-f]{8})"
    r"|x(?P<two>[0-9A-Fa-f]{2})|(?P<octal>[0-3][0-7]{2}))"
)
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_LAYOUT = {"n": "\n", "r": "\r", "t": "\t", "/": "/", '"': '"'}


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        sign = text[start]
        if sign == "%":
            found = list(_percent(text, start))
        elif sign == "&":
            found = list(_entity(text, start))
        elif sign in "uU":
            found = list(_code_points(text, start))
        elif sign == "=":
            found = list(_quoted_printable(text, start))
        else:
            found = list(_backslash(text, start))
        if found:
            yield from found
            position = found[-1].end
            budget.take(len(found))


def _percent(text: str, start: int) -> Iterator[Replacement]:
    match = _PERCENT_UNIT.match(text, start)
    if match is None:
        yield from _bytes(text, _PERCENT.match(text, start), "url")
        return
    point, end = _unit(text, match, _PERCENT_UNIT)
    yield Replacement(start, end, chr(point), "url")


def _unit(text: str, match: re.Match[str], form: re.Pattern[str]) -> tuple[int, int]:
    """The character that begins with a unit of UTF-16, and where it ends: what lies beyond the Basic Multilingual Plane
    is written as two (RFC 8259 7)."""
    point, end = int(match["four"], 16), match.end()
    if point in _HIGH:
        other = form.match(text, end)
        if other is not None and other["four"] and int(other["four"], 16) in _LOW:
            return 0x10000 + ((point - 0xD800) << 10) + int(other["four"], 16) - 0xDC00, other.end()
    return point, end


def _bytes(text: str, match: re.Match[str] | None, kind: str) -> Iterator[Replacement]:
    """The characters that a run of escaped bytes (of three characters each) stands for."""
    if match is None:
        return
    data = bytes.fromhex(match.group().replace(match.group()[0], ""))
    try:
        characters = data.decode("utf-8")
    except UnicodeDecodeError:
        characters = data.decode("latin-1")
        yield from (
            Replacement(match.start() + 3 * index, match.start() + 3 * index + 3, character, kind)
            for index, character in enumerate(characters)
        )
        return
    start = match.start()
    for character in characters:
        end = start + 3 * len(character.encode("utf-8"))
        yield Replacement(start, end, character, kind)
        start = end


def _quoted_printable(text: str, start: int) -> Iterator[Replacement]:
    match = _QUOTED_PRINTABLE.match(text, start)
    if match is None:
        return
    if match.group().endswith("\n"):
        begins = start <= _MAX_ENCODED_LINE_LENGTH or "\n" in text[start - _MAX_ENCODED_LINE_LENGTH : start]
        if begins and text[start - 1 : start] != "=":
            yield Replacement(start, match.end(), "", "quoted-printable")
    else:
        yield from _bytes(text, match, "quoted-printable")


def _entity(text: str, start: int) -> Iterator[Replacement]:
    match = _ENTITY.match(text, start)
    if match is None:
        return
    character = html.unescape(match.group())
    if character != match.group():
        # A non-breaking space is a space to those who read the page.
        yield Replacement(start, match.end(), " " if character == "\xa0" else character, "html")


def _backslash(text: str, start: int) -> Iterator[Replacement]:
    match = _BACKSLASH.match(text, start)
    if match is None:
        return
    if match["name"]:
        with contextlib.suppress(KeyError):
            yield Replacement(start, match.end(), unicodedata.lookup(match["name"]), "escapes")
        return
    if match["four"]:
        point, end = _unit(text, match, _BACKSLASH)
    else:
        base = 8 if match.lastgroup == "octal" else 16
        point, end = int(match.group(match.lastgroup or 0), base), match.end()
    if point <= sys.maxunicode:
        yield Replacement(start, end, chr(point), "escapes")


def _code_points(text: str, start: int) -> Iterator[Replacement]:
    row = _CODE_POINTS.match(text, start)
    if row is None:
        return
    for each in _CODE_POINT.finditer(text, start, row.end()):
        point = int(each["point"], 16)
        if point <= sys.maxunicode:
            yield Replacement(each.start(), each.end(), chr(point), "escapes")


def _find_layout(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        position = start + 2
        budget.take(1)
        yield Replacement(start, position, _LAYOUT[text[start + 1]], "json")


ESCAPES = Obfuscation(
    "escapes",
    ENCODINGS,
    (
        Prefilter(r"%[0-9A-Fa-f]{2}", 3),
        Prefilter(r"%[uU][0-9A-Fa-f]{4}", 6),
        Prefilter(r"&#[0-9xX]", 3),
        Prefilter(r"&[A-Za-z][A-Za-z]", 3),
        Prefilter(r"\\u[0-9A-Fa-f]{4}", 6),
        Prefilter(r"\\u\{[0-9A-Fa-f]", 4),
        Prefilter(r"\\U[0-9A-Fa-f]{8}", 10),
        Prefilter(r"\\N[{][A-Z]", 4),
        Prefilter(r"\\00[2-7][0-9A-Fa-f]\\00", 8),
        Prefilter(r"\\00[2-7][0-9A-Fa-f][^0-9A-Fa-f]", 6),
        Prefilter(r"\\[2-7][0-9A-Fa-f] \\[2-7][0-9A-Fa-f] ", 8),
        Prefilter(r" \\[2-7][0-9A-Fa-f] ", 4),
        *(Prefilter(rf"U\+[0-9A-F]{{4}}{gap}U\+", 8 + len(gap), caseless=True) for gap in ("", " ", ",", ", ", "\n")),
        Prefilter(r"\\x[0-9A-Fa-f]{2}", 4),
        Prefilter(r"\\[0-3][0-7]{2}", 4),
        Prefilter(r"=(?:2E|3D|3A|2D|5F|C3|C2)[A-Za-z0-9=]", 4),
        Prefilter(r"=(?:40|20)[A-Za-z=]", 4),
        Prefilter(r"=[2-7][0-9A-F]=[2-7][0-9A-F]", 6),
        Prefilter(r"[A-Za-z0-9:]=\n ", 3),
        Prefilter(r"=\r\n[A-Za-z0-9]", 4),
        Prefilter(r"=\n[A-Za-z0-9]", 3),
    ),
    _find,
)
"""A single quoted-printable byte is one that stands in addresses and pairs: `x=41` is an assignment, and so are
`status=200` and `status=404`."""

LAYOUT = Obfuscation(
    "layout",
    PIECES,
    (Prefilter(r"\\[nrt][A-Za-z0-9]", 3), Prefilter(r"\\/", 2)),
    _find_layout,
)
r"""Escapes of most languages that hide where a word begins: in `\nAKIA…` the key seems to begin with `n`."""
