"""What a piece of text looks like once what hides it is taken off: worth reading, or none of ours."""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.deobfuscation.markers import PREFIXES

_BEGINS: Final = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, PREFIXES))})")
_REST: Final = re.compile(r"[A-Za-z0-9_\-.+/=]{8,}")
_FORMS: Final = re.compile(
    r"[A-Z]{2}\d{2}[A-Za-z0-9]{11,30}|[\d.\- ]{13,25}|[^@]{1,64}@[^@.]{1,63}(?:\.[^@.]{1,63}){1,5}"
)
"""An IBAN, a card's number, an e-mail address."""


def may_be_value(text: str) -> bool:
    """Whether `text` has the form of a value that proves itself, a vendor's token too; check digits tell the rest."""
    begins = _BEGINS.search(text)
    return (begins is not None and _REST.fullmatch(text, begins.end()) is not None) or _FORMS.fullmatch(
        text
    ) is not None


def begin_of(text: str, start: int, earliest: int, character: re.Pattern[str]) -> int:
    """Where the run of what `character` matches begins that goes up to `start`, from `earliest` on."""
    while start > earliest and character.match(text, start - 1):
        start -= 1
    return start
