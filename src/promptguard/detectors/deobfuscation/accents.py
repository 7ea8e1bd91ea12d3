"""Accents on words that have none, so that nobody finds them: `pássword`, `i̇s`.

Accents are letters of most languages. They are taken off words that say what a value is, in languages without them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)
from promptguard.detectors.stems import word_set

MAX_WORD: Final = 32
"""Characters of such a word, marks included."""

_PLAIN: Final = word_set(
    "password passwords passwort kennwort passwd passphrase passcode pwd pass pin secret token key keys apikey api"
    " credential credentials login user username card number iban account is ist my mein the das bearer private"
    " authorization wachtwoord kodeord adgangskode birth born social security phone address wifi"
)
_LETTER: Final = r"[^\W\d_]|[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_LETTERS: Final = re.compile(rf"(?:{_LETTER})*")
_WORD: Final = re.compile(rf"(?:{_LETTER}){{2,{MAX_WORD}}}")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        before = _LETTERS.match(text[max(position, start - MAX_WORD) : start][::-1])
        first = start - (before.end() if before else 0)
        word = _WORD.match(text, first)
        position = max(word.end() if word else start + 1, start + 1)
        if word is None:
            continue
        decomposed = unicodedata.normalize("NFD", word.group())
        if decomposed.encode("ascii", "ignore").decode("ascii").lower() not in _PLAIN:
            continue
        plain = "".join(each for each in decomposed if not unicodedata.combining(each))
        if plain.lower() in _PLAIN and plain != word.group():
            budget.take(len(plain))
            yield Replacement(first, word.end(), plain, "accents")


ACCENTS: Final = Obfuscation(
    "accents",
    ENCODINGS,
    (
        Prefilter("[ac.]m", 2, Form.UNICODE),
        Prefilter("ca", 2, Form.UNICODE),
        Prefilter("ac", 2, Form.UNICODE),
        Prefilter("cc", 2, Form.UNICODE),
    ),
    _find,
)
