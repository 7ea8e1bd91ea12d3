"""Check digits that belong to no country and no vendor."""

from __future__ import annotations

import string
from collections.abc import Iterable

from promptguard.detectors.validators.registry import validator

LETTER_VALUES = {character: str(value) for value, character in enumerate(string.digits + string.ascii_uppercase)}
"""What letters and digits count in ISO 7064: A is 10, Z is 35."""


def digits_of(text: str) -> list[int]:
    """The ASCII digits in `text`; separators and all else are skipped."""
    return [ord(character) - 48 for character in text if "0" <= character <= "9"]


def luhn_valid(digits: Iterable[int]) -> bool:
    """Whether the last digit is the Luhn check digit of those before it (ISO/IEC 7812-1, annex B)."""
    total = 0
    for position, digit in enumerate(reversed(list(digits))):
        doubled = digit * 2 if position % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


@validator("luhn")
def luhn(match_text: str) -> bool:
    """A number with a Luhn check digit, not made of one digit only."""
    digits = digits_of(match_text)
    return len(set(digits)) > 1 and luhn_valid(digits)


def mod97(text: str) -> int:
    """The ISO 7064 MOD 97-10 remainder of letters and digits (A is 10, Z is 35)."""
    return int("".join(LETTER_VALUES[character] for character in text)) % 97
