"""Words that say what follows, written with digits and signs for letters: `p4ssw0rd:`, `s3cr3t =`, `@pi_k3y`.

Only the words are read anew. A value in leetspeak is what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import SPELLING, ExpansionBudget, Obfuscation, Prefilter, Replacement

_FORMS = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7+", "l": "1", "g": "9"}
_WORDS = (
    "passphrase", "private_key", "credential", "contrasena", "secret_key", "secret-key", "access_key", "access-key",
    "wachtwoord", "passwort", "kennwort", "password", "passcode", "api_key", "api-key", "api key", "apikey", "passwd",
    "secret", "token",
)  # fmt: skip

"""The longest first: one may begin with another."""


def _class(letter: str) -> str:
    return re.escape(letter) if letter not in _FORMS else f"[{letter}{re.escape(_FORMS[letter])}]"


def _prefilters(word: str) -> Iterator[Prefilter]:
    """One for each letter that may be the first one to be written otherwise, so that the plain word matches none."""
    for index, letter in enumerate(word):
        if letter in _FORMS:
            expression = (
                re.escape(word[:index]) + f"[{re.escape(_FORMS[letter])}]" + "".join(map(_class, word[index + 1 :]))
            )
            yield Prefilter(expression, len(word), caseless=True)


_PATTERNS = tuple((word, re.compile("".join(map(_class, word)), re.IGNORECASE)) for word in _WORDS)


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        for word, pattern in _PATTERNS:
            match = pattern.match(text, start)
            if match is not None:
                position = match.end()
                budget.take(len(word))
                yield Replacement(start, position, word, "leetspeak", 1)
                break


LEETSPEAK = Obfuscation(
    "leetspeak",
    SPELLING,
    tuple(prefilter for word in _WORDS for prefilter in _prefilters(word)),
    _find,
    telling=("leetspeak",),
)
