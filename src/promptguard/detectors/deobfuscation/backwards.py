"""Text written backwards, looked for by what stands at the beginning of secrets, addresses and account numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import (
    REVERSAL,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)
from promptguard.detectors.deobfuscation.markers import PREFIXES

MAX_LENGTH = 200
"""Characters before a marker that are turned round with it."""

_WORDS = ("password", "passwort", "api_key", "secret_key", "access_token")
_TOP_LEVEL = (
    "com", "org", "net", "de", "fr", "es", "it", "nl", "dk", "uk", "eu", "io", "ch", "at", "be", "info", "se", "no",
    "fi", "pl", "cz", "pt", "ie", "us", "ca", "au", "br", "me", "co", "ai", "app", "dev", "biz", "edu", "gov",
)  # fmt: skip
_COUNTRIES = (
    "AT",
    "BE",
    "CH",
    "CZ",
    "DE",
    "DK",
    "ES",
    "FI",
    "FR",
    "GB",
    "IE",
    "IT",
    "LU",
    "NL",
    "NO",
    "PL",
    "PT",
    "SE",
)

_KEY = "YEK ETAVIRP "
_KEY_BEGIN = "NIGEB-----"
_MAX_KEY_LENGTH = 8_192

_TURNED_ADDRESS = re.compile(r"[A-Za-z]{2,8}\.[\w.-]{1,100}@[\w.+-]{1,64}")
_TURNED_CARD = re.compile(r"(?<![0-9][ -])\d{3,4}([ -])\d{4}\1\d{4}\1\d{4}(?!\w|[ -][0-9])")
_GROUPS = re.compile(r"\b\d{4}[ -]\d{4}[ -]")
_TURNED_TOKEN = re.compile(r"\S+")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        first, end = _stretch(text, start, position)
        if first < end:
            position = end
            budget.take(end - first)
            yield Replacement(first, end, text[first:end][::-1], "reversed", -1)


def _stretch(text: str, start: int, earliest: int) -> tuple[int, int]:
    """What is to be turned round of the text at `start`; nothing where start and end are the same."""
    if text.startswith(_KEY, start):
        # The key's last line comes first.
        end = text.find(_KEY_BEGIN, start, start + _MAX_KEY_LENGTH)
        return max(start - 5, earliest), end + len(_KEY_BEGIN) if end >= 0 else earliest
    for pattern in (_TURNED_CARD, _TURNED_ADDRESS):
        match = pattern.match(text, start)
        if match is not None:
            return (earliest, earliest) if pattern is _TURNED_CARD and _in_table(text, *match.span()) else match.span()
    if text[start : start + 4].isdigit() and not text[start + 4 : start + 5].isalnum():
        return earliest, earliest  # four digits of a number that is no card
    # The line up to the marker: the value stands before it, the word that says what it is after the value.
    line_end = text.find("\n", start, start + MAX_LENGTH)
    stop = line_end if line_end >= 0 else min(start + MAX_LENGTH, len(text))
    token = _TURNED_TOKEN.match(text, start)
    stop = min(stop, token.end() if token else stop)
    first = max(text.rfind("\n", max(earliest, start - MAX_LENGTH), start) + 1, earliest, start - MAX_LENGTH)
    return first, stop


def _in_table(text: str, start: int, end: int) -> bool:
    """Whether the line before or after has groups of four digits too: turned round, one row in ten is a card number."""
    line_start, line_end = text.rfind("\n", max(start - 80, 0), start), text.find("\n", end, end + 80)
    above = text[max(line_start - 80, 0) : line_start] if line_start > 0 else ""
    below = text[line_end + 1 : line_end + 80] if line_end >= 0 else ""
    return any(_GROUPS.search(line) for line in (above.rpartition("\n")[2], below.partition("\n")[0]))


def _token_prefilters() -> Iterator[Prefilter]:
    for prefix in PREFIXES:
        turned = re.escape(prefix[::-1])
        yield Prefilter(rf"[A-Za-z0-9_=-]{{8}}{turned}[^A-Za-z0-9_]", len(prefix) + 9)


BACKWARDS = Obfuscation(
    "backwards",
    REVERSAL,
    (
        *_token_prefilters(),
        *(Prefilter(re.escape(word[::-1]), len(word), caseless=True) for word in _WORDS),
        Prefilter("YEK ETAVIRP ", len(_KEY)),
        *(Prefilter(rf"[^A-Za-z0-9]{top[::-1]}\.[a-z0-9-]{{2}}", len(top) + 3) for top in _TOP_LEVEL),
        *(Prefilter(rf"[ 0-9A-Z][0-9]{{2}}{country[::-1]}[^A-Za-z0-9]", 6) for country in _COUNTRIES),
        Prefilter("[^a0]0000[- ]0000[- ]0000[- ]0000[^a0]", 20, Form.SHAPES),
    ),
    _find,
    telling=("reversed",),
)
