"""ROT13 (every letter thirteen places on), looked for by rotated prefixes of tokens and rotated words."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import ALPHABET, ExpansionBudget, Obfuscation, Prefilter, Replacement
from promptguard.detectors.deobfuscation.markers import PREFIXES

MAX_LENGTH = 200
"""Characters after a marker that are rotated back with it."""

_WORDS = ("password", "passwort", "passphrase", "secret_key", "api_key", "access_key", "private key-----")
_LINE = re.compile(rf"[^\r\n]{{1,{MAX_LENGTH}}}")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        match = _LINE.match(text, start) if start >= position else None
        if match is not None:
            position = match.end()
            budget.take(position - start)
            yield Replacement(start, position, codecs.encode(match.group(), "rot13"), "rot13", 1)


def _prefilter(marker: str) -> Prefilter:
    rotated = codecs.encode(marker, "rot13")
    return Prefilter(rf"[^A-Za-z0-9]{re.escape(rotated)}", len(marker), caseless=marker in _WORDS)


ROTATED = Obfuscation(
    "rotated",
    ALPHABET,
    tuple(_prefilter(marker) for marker in (*_WORDS, *(prefix for prefix in PREFIXES if len(prefix) >= 4))),
    _find,
    telling=("rot13",),
)
