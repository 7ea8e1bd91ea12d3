"""Words that say what a value is with a sign after each letter: `p a s s w o r d`, `t-o-k-e-n`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

_WORDS: Final = ("password", "passwort", "passwd", "kennwort", "passphrase", "passcode", "secret", "token", "apikey")
_SIGNS: Final = (" ", ".", "-", "_", "*", "/", "|")

_SPELLED: Final = re.compile(r"[A-Za-z](?P<sign>[ ._*/|-])[A-Za-z](?:(?P=sign)[A-Za-z])+(?![A-Za-z])")
"""A letter at a time, with one sign between them."""


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        match = _SPELLED.match(text, start) if start >= position else None
        if match is None or (start and text[start - 1].isalnum()):
            continue
        letters = match.group().replace(match["sign"], "")
        word = next((word for word in _WORDS if letters.lower().startswith(word)), "")
        if word:
            position = start + 2 * len(word) - 1
            budget.take(len(word))
            yield Replacement(start, position, letters[: len(word)], "spelled label")


SPELLED_LABELS: Final = Obfuscation(
    "spelled labels",
    ENCODINGS,
    tuple(
        Prefilter(re.escape(sign.join(word)), 2 * len(word) - 1, caseless=True) for word in _WORDS for sign in _SIGNS
    ),
    _find,
)
