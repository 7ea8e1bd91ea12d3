"""Checks that a recognizer names in YAML (`validator: luhn`) to confirm what its regex matched.

A validator gets the matched text (of the group `value` where the regex has one) and answers in Presidio's terms
(`PatternRecognizer.validate_result`), extended by a score: True is certainty (score 1.0), False drops the match, a
float replaces the pattern's score, and None leaves it.

Validators of one family stand in a module of their own in this folder; `load_validators` imports them all. Here stand
the registry and the checks that belong to no country and no vendor.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import string
from collections.abc import Callable, Iterable

type Validator = Callable[[str], float | bool | None]

VALIDATORS: dict[str, Validator] = {}
"""Every registered check by the name that YAML uses."""


def validator(name: str) -> Callable[[Validator], Validator]:
    """Register a check under the name that recognizers use for it.

    Raises:
        ValueError: the name is taken.
    """

    def register(check: Validator) -> Validator:
        if name in VALIDATORS:
            raise ValueError(f"two validators are called {name!r}")
        VALIDATORS[name] = check
        return check

    return register


@functools.cache
def load_validators() -> dict[str, Validator]:
    """All validators, those of the modules in this folder included."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    return VALIDATORS


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


@validator("payment_card")
def payment_card(match_text: str) -> float | bool:
    """A payment card number: Luhn check digit, and an issuer range with a length that fits it.

    Correct by Luhn but of no known issuer: 0.3, below the usual threshold unless a word such as `card` stands near.
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
            return True if grouped or len(digits) in {15, 16} else 0.75
    return 0.3


_IBAN_VALUES = {character: str(value) for value, character in enumerate(string.digits + string.ascii_uppercase)}

# Length by country, SWIFT IBAN registry release 99.
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
    "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
    "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
    "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
    "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
    "YE": 30,
}  # fmt: skip


def mod97(text: str) -> int:
    """The ISO 7064 MOD 97-10 remainder of letters and digits (A is 10, Z is 35)."""
    return int("".join(_IBAN_VALUES[character] for character in text)) % 97


def iban_length(country: str) -> int | None:
    """How many characters an IBAN of this country has; None where the registry lists no such country."""
    return _IBAN_LENGTHS.get(country.upper())


def iban_countries() -> str:
    """A regex for the country codes of the registry, in upper case."""
    seconds: dict[str, str] = {}
    for country in _IBAN_LENGTHS:
        seconds[country[0]] = seconds.get(country[0], "") + country[1]
    return "|".join(f"{first}[{letters}]" for first, letters in seconds.items())


@validator("iban")
def iban(match_text: str) -> bool:
    """An International Bank Account Number (ISO 13616): registered country, its length, MOD 97-10 check digits."""
    text = "".join(character for character in match_text.upper() if character in _IBAN_VALUES)
    if len(text) != iban_length(text[:2]):
        return False
    return mod97(text[4:] + text[:4]) == 1
