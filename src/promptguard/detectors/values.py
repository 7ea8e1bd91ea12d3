"""One form for values that mean the same, so that they have one fingerprint."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator

_SEPARATORS = str.maketrans("", "", " \t\r\n-./()_,:\u00a0\u202f\u2010\u2011\u2012\u2013\u2014\u2015")

DIGEST_BYTES = 16

MIN_WORD = 5
"""Characters of the shortest word that is looked for by itself."""

_COARSE = re.compile(r"[^\s\"'`<>]+")
_FINE = re.compile(r"[^\s\"'`<>=:@/,;|(){}\[\]]+")
_EDGES = "\"'`.,;:!?()[]{}<>*_|\\"
_TELLING = re.compile(r"\d|[^\W_][^\w\s][^\W_]|[a-z][A-Z]|_|[^\w\s]{2}")
"""A digit, a sign within, a capital after a small letter: what makes a word more than a word of a language."""


def normalise(value: str) -> str:
    """`value` in its comparable form: NFKC, case-folded, white space collapsed.

    A value of mostly digits (a phone number, a card, an IBAN) loses its separators too. The entity type plays no part,
    so that two detectors that disagree about the type agree about the value.
    """
    folded = value if value.isascii() else unicodedata.normalize("NFKC", value)
    folded = folded.casefold()
    compact = folded.translate(_SEPARATORS)
    if 2 * sum(character.isdigit() for character in compact) > len(compact) and compact:
        return ("+" if folded.lstrip().startswith("+") else "") + compact.lstrip("+")
    return " ".join(folded.split())


def telling_words(text: str) -> Iterator[tuple[int, int]]:
    """Where words stand in a text that could be a secret by themselves: with a digit, a sign or a capital within.

    Words end at white space and quotation marks; again at the signs that stand between names and values, too.
    """
    seen: set[tuple[int, int]] = set()
    for pattern in (_COARSE, _FINE):
        for match in pattern.finditer(text):
            word = match.group()
            start = match.start() + len(word) - len(word.lstrip(_EDGES))
            end = start + len(word.strip(_EDGES))
            if end - start >= MIN_WORD and (start, end) not in seen and _TELLING.search(text, start, end):
                seen.add((start, end))
                yield start, end


def fingerprint(value: str, key: bytes) -> str:
    """Keyed BLAKE2b-128 of the comparable form, in hexadecimal: tells whether values are equal, and nothing else."""
    data = normalise(value).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=DIGEST_BYTES, key=key[:64], person=b"fingerprint").hexdigest()
