"""String literals that the language joins: `"AKIA" + "Q3…"`, `"a" "b"`, `"a".concat("b")`, `k += "b"`, `"a%s" % "b"`.

What stands between the contents of two literals is left out, whatever joins them. That a literal is one only the
language knows: a reading that joins others holds no more than what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import (
    PIECES,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

KIND = "split literals"

_BREAK = r"(?:[\\_`]?\r?\n[ \t]{0,40}[>|#*]?[ \t]{0,8})?"
"""The end of a line, continued as C, Visual Basic and PowerShell do."""
_SPACE = rf"[ \t]{{0,8}}{_BREAK}"
_OPENING = r"[@$fFbBrRuULN]{0,2}[\"'`]"

_OPERATOR = r"\+\+?|\.\.?|&|\|\||~|<[>+]|<<|\^|\*|//"
"""Of C-like languages, PHP and Perl, Lua, Visual Basic, SQL, Raku, Elixir and Haskell, C++ streams, OCaml, Julia,
Fortran."""
_CALL = r"\)?\.(?:concat|append|Append)\("
_NEXT_STATEMENT = r"[\"'`];?[ \t]{0,8}\r?\n[ \t]{0,40}[$@\w.>-]{1,40}[ \t]{0,8}"
"""The end of a literal and of its statement, and the variable that the next one adds to."""

_OPERATED = re.compile(rf"[\"'`]{_SPACE}(?:(?:{_OPERATOR}){_SPACE}|{_CALL}{_SPACE}){_OPENING}")
_ADDED = re.compile(rf"{_NEXT_STATEMENT}[+.&]=[ \t]{{0,8}}{_OPENING}")
_FILLED = re.compile(
    rf"(?:%[sv]|\{{[01]?\}})[\"'`](?:\.format\(|[ \t]?%[ \t]?\(?|,[ \t]?|[ \t]-f[ \t])[ \t]{{0,8}}{_OPENING}"
)
"""The one place that a template leaves at its end, and what fills it."""
_ON_NEXT_LINE = re.compile(r"(?P<quote>[\"'`])[ \t]{0,8}\\?\r?\n[ \t]{0,40}[fbruFBRUL]{0,2}(?P=quote)")
"""What Python, C and their like join without an operator."""
_BESIDE = re.compile(
    r"(?P<quote>[\"'`])[^\s\"'`]{1,80}(?P<glue>(?P=quote)[ \t]{0,4}[fbruFBRUL]{0,2}(?P<other>[\"'`]))"
    r"(?=[^\s\"'`]{1,80}(?P=other))"
)
_MAX_PIECE_LENGTH = 80
_CONTINUED = re.compile(r"\\\r?\n[ \t]{0,40}")
"""Within a literal of most languages, and within a word of a shell."""
_EMPTY = re.compile(r"(?P<quote>[\"'])(?P=quote)(?=[A-Za-z0-9])")
"""Within a word of a shell."""
_BEFORE = re.compile(
    r"(?:^|[\n=(\[{,:+?]|\breturn|\bdefine[ \t]+\w{1,40}|[=-]>|"
    r"\((?:str|string-append|concat|concatenate[ \t]+'string))[ \t]*[fbruFBRUL]{0,2}$"
)
"""Of literals beside each other: the arguments of a shell's command are no one literal."""
_REACH = 64
_CLOSING = re.compile(r"[\"'`][\s\\_`]{0,56}$")
_STATEMENT_BEFORE = re.compile(rf"{_NEXT_STATEMENT}$")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        glue = _glue(text, start, position) if start >= position else None
        if glue is not None:
            budget.take(1)
            yield Replacement(*glue, "", KIND)
            position = glue[1]


def _glue(text: str, start: int, position: int) -> tuple[int, int] | None:
    """What stands between the contents of two literals: from `start`, or around what joins them at `start`."""
    sign = text[start]
    if sign == "\\":
        match = _CONTINUED.match(text, start)
    elif sign in "%{":
        match = _FILLED.match(text, start)
    elif text[start + 1 : start + 2] == "=":
        before = _STATEMENT_BEFORE.search(text, max(start - 2 * _REACH, position), start)
        match = _ADDED.match(text, before.start()) if before else None
    elif sign not in "\"'`":
        before = _CLOSING.search(text, max(start - _REACH, position), start)
        match = _OPERATED.match(text, before.start()) if before else None
    else:
        match = _OPERATED.match(text, start) or _ON_NEXT_LINE.match(text, start)
        if match is None:
            return _beside(text, start, position)
    return match.span() if match else None


def _beside(text: str, end: int, position: int) -> tuple[int, int] | None:
    """The glue between two literals that nothing stands between, the first of which ends at `end`."""
    if _EMPTY.match(text, end) and text[end - 1 : end].isalnum():
        return end, end + 2
    begin = text.rfind(text[end], max(end - _MAX_PIECE_LENGTH - 1, position - 1, 0), end)
    match = _BESIDE.match(text, begin) if begin >= 0 else None
    if match is None or match.start("glue") != end:
        return None
    touching = text[end + 1] == match["other"] != text[end]  # a shell joins these, too
    known = touching or begin == position - 1 or _BEFORE.search(text[max(begin - _REACH, 0) : begin])
    return match.span("glue") if known else None


_INDENTS = (*(" " * count for count in range(25)), "\t", "\t\t", "\t\t\t")
"""Before a literal that continues one on the line before."""
_SIGN = "[A-Za-z0-9_+/=.@-]"


def _prefilters() -> Iterator[Prefilter]:
    for quote in "\"'`":
        for joint in ("+", " +", " .", " &", " ||", " ~", " <>", " <<", " ^ ", " * ", " // ", " \\"):
            yield Prefilter(re.escape(quote + joint), len(quote + joint))
        for call in (".concat(", ").concat(", ").append(", ").Append("):
            yield Prefilter(re.escape(quote + call), len(quote + call))
        for indent in _INDENTS:
            yield Prefilter(f"{quote}\n{indent}{quote}", len(indent) + 3)
        yield Prefilter(f"{quote}[.&|~][\"'`]", 3)
        yield Prefilter(rf"{quote}(?:\.\.|\|\||<>)[\"'`]", 4)
        yield Prefilter(f"{_SIGN}{quote}[\"'`]{_SIGN}", 3)
        for gap, width in ((" ", 1), ("  ", 2), (" [bfruL]", 2), (" (?:br|rb)", 3)):
            yield Prefilter(f"{_SIGN}{quote}{gap}[\"'`]{_SIGN}", 3 + width)
    yield Prefilter(rf"{_SIGN}\\\n", 2)
    for quote in "\"'":
        for filled, width in ((r"\.f", 2), (" %", 2), (", [\"']", 3), (" -f", 3)):
            yield Prefilter(rf"(?:%[sv]|[{{][}}]){quote}{filled}", 3 + width)
            yield Prefilter(rf"[{{][01][}}]{quote}{filled}", 4 + width)
    for space in ("", " "):
        yield Prefilter(rf"[+.&]={space}[\"']", 3 + len(space))
        yield Prefilter(rf"\n[ \t]{{0,40}}[+.&^*~]{space}[\"'`]", 2 + len(space))
        yield Prefilter(rf"\n[ \t]{{0,40}}(?:\|\||\.\.|\+\+|<[<>]|//){space}[\"'`]", 3 + len(space))


SPLIT_LITERALS = Obfuscation("split literals", PIECES, tuple(_prefilters()), _find)
