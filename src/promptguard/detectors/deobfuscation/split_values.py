"""Values split over lines: wrapped keys, card numbers and IBANs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import (
    PIECES,
    SPELLING,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)
from promptguard.detectors.deobfuscation.markers import PREFIXES

_CONTINUED = re.compile(r"[ \t]*\\?\r?\n[ \t>|#*]{0,40}")
_TOKEN_END = re.compile(rf"(?:{'|'.join(map(re.escape, PREFIXES))})[A-Za-z0-9_\-.+/=]*")
_TOKEN_MORE = re.compile(
    r"(?=[^\s]{0,200}\d)(?=[^\s]{0,200}[A-Za-z])[A-Za-z0-9_\-.+/]{4,}={0,2}(?=[\"'`,;)]{0,2}[ \t]*(?:\r?\n|\Z))"
)
"""The rest of a token: all there is on its line, and no word."""
_FIXED_MORE = re.compile(r"(?=[^\s]{0,200}\d)[A-Za-z0-9_]+(?![\w=])")
"""The rest of a token of fixed length: a word too many makes it none."""
_FIXED = ("AKIA", "ASIA", "AIza", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_", "LTAI")
_DIGITS_BEFORE = re.compile(r"(?<![\w.,])(?:\d{4}[ -]?){1,4}$")
_DIGITS_AFTER = re.compile(r"(?:\d{4}[ -]?){0,4}\d{1,4}(?!\w|[.,:/-]\d)")
_IBAN_BEFORE = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){0,26}$")
_IBAN_AFTER = re.compile(r"[A-Z0-9](?:[ -]?[A-Z0-9]){1,30}(?!\w)")
_MAX_LINES = 8
_MAX_BEFORE_LENGTH = 48


def _find_tokens(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        match = _TOKEN_END.match(text, start) if start >= position else None
        rest = _FIXED_MORE if text.startswith(_FIXED, start) else _TOKEN_MORE
        for _ in range(_MAX_LINES):
            if match is None:
                break
            position = match.end()
            gap = _CONTINUED.match(text, position)
            more = rest.match(text, gap.end()) if gap else None
            if gap is None or more is None:
                break
            budget.take(1)
            yield Replacement(gap.start(), gap.end(), "", "split lines")
            match = more


def _find_digits(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        end = text.find("\n", max(start, position), start + 10)
        if end < 0:
            continue
        gap = _CONTINUED.match(text, end - (text[end - 1 : end] == "\r"))
        joined = _broken(text, max(position, end - _MAX_BEFORE_LENGTH), gap) if gap else None
        if gap is None or joined is None:
            continue
        position = gap.end()
        budget.take(1)
        yield Replacement(gap.start(), position, joined, "split lines")


def _broken(text: str, start: int, gap: re.Match[str]) -> str | None:
    """What stands between the groups of a number that is broken over two lines; None where there is no such number."""
    for head, tail in ((_IBAN_BEFORE, _IBAN_AFTER), (_DIGITS_BEFORE, _DIGITS_AFTER)):
        before, after = head.search(text, start, gap.start()), tail.match(text, gap.end())
        if before is None or after is None:
            continue
        if tail is _DIGITS_AFTER and _among_rows(text, before.start(), after.end()):
            return None
        return _sign(before.group(), after.group())
    return None


def _among_rows(text: str, start: int, end: int) -> bool:
    """Whether the line before or after is a row of numbers too: a table is no number."""
    above = text.rfind("\n", max(start - 40, 0), start)
    if above >= 0 and text[max(above - 4, 0) : above].rstrip("\r").isdigit():
        return True
    below = text.find("\n", end, end + 40)
    return below >= 0 and text[below + 1 : below + 5].isdigit()


def _sign(before: str, after: str) -> str:
    """What stands between two groups of a number where it was broken."""
    if before[-1] in " -":
        return ""
    return next((digits[4] for digits in (before, after) if len(digits) > 4 and digits[4] in " -"), "")


SPLIT_TOKENS = Obfuscation(
    "split tokens",
    PIECES,
    tuple(Prefilter(rf"[^A-Za-z0-9]{re.escape(prefix)}", len(prefix)) for prefix in PREFIXES if len(prefix) > 3),
    _find_tokens,
)


def _digit_prefilters() -> Iterator[Prefilter]:
    """Ends and beginnings of groups of four: lines of a log often end in a number and begin with a year."""
    for line_end in ("\n", " \n", "-\n", "\r\n", "\n "):
        for before, after in (
            ("[- ]0000", "0000 "),
            ("[- ]0000", "0000-0000"),
            ("[- ]0000", "0000[?\n]"),
            ("[- ]0000", "00[?\n]"),
            ("[^a0]0000", "0000[- ]0000[- ]0000"),
            ("aa00", "0000"),
            ("000000", "00000"),
        ):
            width = len(re.sub(r"\[[^]]*\]", "x", before + line_end + after)) - before.startswith("[^")
            yield Prefilter(before + line_end + after, width, Form.SHAPES)
    for indent in ("  ", "    ", "\t"):
        for before, after in (("00000000", "0000"), ("[- ]0000", "0000[- ]0000")):
            width = len((before + after).replace("[- ]", "x")) + 1 + len(indent)
            yield Prefilter(f"{before}\n{indent}{after}", width, Form.SHAPES)


SPLIT_DIGITS = Obfuscation("split digits", SPELLING, tuple(_digit_prefilters()), _find_digits)
