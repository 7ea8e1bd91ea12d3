"""One form for values that mean the same, so that they have one fingerprint."""

from __future__ import annotations

import hashlib
import unicodedata

_SEPARATORS = str.maketrans("", "", " \t\r\n-./()_,:\u00a0\u202f\u2010\u2011\u2012\u2013\u2014\u2015")

DIGEST_BYTES = 16


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


def fingerprint(value: str, key: bytes) -> str:
    """Keyed BLAKE2b-128 of the comparable form, in hexadecimal: tells whether values are equal, and nothing else."""
    data = normalise(value).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=DIGEST_BYTES, key=key[:64], person=b"fingerprint").hexdigest()
