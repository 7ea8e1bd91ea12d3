"""Numbers of payment cards (ISO/IEC 7812-1)."""

from __future__ import annotations

import re

from promptguard.detectors.validators.checksums import digits_of, luhn_valid
from promptguard.detectors.validators.registry import validator

# Issuer ranges as published by the networks; lengths of ISO/IEC 7812-1 (12 to 19 digits).
_CARD_RANGES: tuple[tuple[int, int, frozenset[int]], ...] = (
    (340000, 349999, frozenset({15})),  # American Express
    (370000, 379999, frozenset({15})),
    (300000, 305999, frozenset(range(14, 20))),  # Diners Club
    (309500, 309599, frozenset(range(14, 20))),
    (360000, 369999, frozenset(range(14, 20))),
    (380000, 399999, frozenset(range(14, 20))),
    (352800, 358999, frozenset(range(16, 20))),  # JCB
    (180000, 180099, frozenset({15})),
    (213100, 213199, frozenset({15})),
    (400000, 499999, frozenset({13, 16, 19})),  # Visa
    (222100, 272099, frozenset({16})),  # Mastercard
    (510000, 559999, frozenset({16})),
    (500000, 509999, frozenset(range(12, 20))),  # Maestro, RuPay, Elo, Verve
    (560000, 599999, frozenset(range(12, 20))),
    (600000, 699999, frozenset(range(12, 20))),  # Discover, UnionPay, Maestro, RuPay
    (810000, 817199, frozenset(range(16, 20))),  # UnionPay
    (220000, 220499, frozenset(range(16, 20))),  # Mir
    (979200, 979289, frozenset({16})),  # Troy
)

_UNLIKELY = 0.3
"""Below the usual threshold, unless a word such as `card` stands near."""

_MAESTRO = frozenset({5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763})
"""What Maestro cards of 12 and 13 digits begin with: few enough that no number begins so by chance."""


@validator("payment_card")
def payment_card(match_text: str) -> float | bool:
    """A payment card number: Luhn check digit, and an issuer range with a length that fits it.

    Correct by Luhn but of no known issuer, or of 12 or 13 digits in a row that are not Maestro's: only beside a word
    such as `card`.
    """
    digits = digits_of(match_text)
    if not 12 <= len(digits) <= 19 or len(set(digits)) < 3 or not luhn_valid(digits):
        return False
    prefix = int("".join(map(str, digits[:6])))
    for low, high, lengths in _CARD_RANGES:
        if low <= prefix <= high and len(digits) in lengths:
            grouped = any(character in " -." for character in match_text)
            # One in ten numbers passes Luhn by chance, so bare ids of rare lengths are not certain.
            if grouped and len(digits) == 12:
                return 0.45
            if not grouped and len(digits) < 14 and prefix // 100 not in _MAESTRO:
                return _UNLIKELY  # no longer issued, and as long as ids and article numbers
            return True if grouped or len(digits) in {15, 16} else 0.75
    return _UNLIKELY


@validator("card_as_figure")
def card_as_figure(match_text: str) -> float | bool:
    """A card's number written as a figure, `4,539,…` or `4.539…E+15`: only beside a word such as `card`."""
    return _UNLIKELY if payment_card(re.split("[eE]", match_text, maxsplit=1)[0]) == 1 else False


@validator("mistyped_card")
def mistyped_card(match_text: str) -> bool | None:
    """What a sentence calls a card number, whatever its check digit; counted-off digits are none."""
    digits = "".join(map(str, digits_of(match_text)))
    if not 13 <= len(digits) <= 19 or len(set(digits)) < 4:
        return False
    counted_off = "01234567890123456789", "12345678901234567890", "98765432109876543210"
    return False if any(digits in sequence for sequence in counted_off) else None
