"""Card numbers written backwards without anything between their digits, where something says that they are."""

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
from promptguard.detectors.validators.checksums import luhn_valid

_NUMBER = re.compile(r"(?<!\w)(?<![0-9][.,:-])[0-9]{12,18}[2-6](?!\w|[.,:-][0-9])", re.ASCII)
"""As many digits as cards have; backwards it begins like those of banks and of travel (ISO/IEC 7812-1)."""
_SAID = re.compile(
    r"(?<![^\W_])(?:backwards?|reversed|rückwärts|umgedreht|à l['’]envers|inversé|al revés|invertid[oa]|al contrario"
    r"|rovesciat[oa]|achterstevoren|omgekeerd|baglæns|(?:credit|debit)[ -]?card|(?:my|your|the|his|her) card"
    r"|card[ _-]?n(?:umber|o|r)|visa|mastercard|amex|kredit[ -]?karten?(?:nummer)?|carte (?:bancaire|bleue|de crédit)"
    r"|tarjeta|carta di credito|credit[ck]aard|kreditkort)(?![^\W_])",
    re.IGNORECASE,
)
"""A tenth of all numbers has a card's check digit backwards, so that alone says nothing."""
_BEFORE, _AFTER = 60, 40
"""Characters in which that is said."""


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    for number in _NUMBER.finditer(text, starts[0]):
        start, end = number.span()
        turned = number.group()[::-1]
        if not luhn_valid(map(int, turned)):
            continue
        if _SAID.search(text, max(start - _BEFORE, 0), start) or _SAID.search(text, end, end + _AFTER):
            budget.take(end - start)
            yield Replacement(start, end, turned, "reversed", -1)


BACKWARD_CARDS = Obfuscation(
    "backward cards",
    REVERSAL,
    (Prefilter("[^a0]0{13}", 13, Form.SHAPES, once=True),),
    _find,
)
