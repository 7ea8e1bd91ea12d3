"""Check digits of identity, tax and health numbers outside of Europe."""

from __future__ import annotations

from promptguard.detectors.validators.checksums import digits_of, luhn_valid
from promptguard.detectors.validators.national_ids import letters_and_digits, weighted_sum
from promptguard.detectors.validators.registry import validator


@validator("ca_sin")
def ca_sin(match_text: str) -> bool | float:
    """A Canadian social insurance number: Luhn, first digit neither 0 nor 8 (Service Canada)."""
    digits = digits_of(match_text)
    if len(digits) != 9 or digits[0] in {0, 8} or len(set(digits)) == 1 or not luhn_valid(digits):
        return False
    return 0.3 if " " in match_text or "-" in match_text else 0.2


@validator("au_tfn")
def au_tfn(match_text: str) -> bool | float:
    """An Australian tax file number: weights 1 4 3 7 5 8 6 9 10 modulo 11 (Australian Taxation Office)."""
    digits = digits_of(match_text)
    if len(digits) != 9 or len(set(digits)) == 1:
        return False
    return 0.2 if weighted_sum(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0 else False


@validator("au_medicare")
def au_medicare(match_text: str) -> bool | float:
    """An Australian Medicare number: first digit 2 to 6, weights 1 3 7 9 modulo 10 (Services Australia)."""
    digits = digits_of(match_text)
    if len(digits) not in {10, 11} or not 2 <= digits[0] <= 6 or len(set(digits)) < 3:
        return False
    return 0.25 if weighted_sum(digits[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == digits[8] else False


@validator("br_cpf")
def br_cpf(match_text: str) -> bool | float:
    """A Brazilian CPF: two check digits modulo 11 (Receita Federal)."""
    digits = digits_of(match_text)
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    for length in (9, 10):
        check = weighted_sum(digits[:length], tuple(range(length + 1, 1, -1))) * 10 % 11 % 10
        if check != digits[length]:
            return False
    return 0.9 if "." in match_text else 0.35


@validator("mx_curp")
def mx_curp(match_text: str) -> bool:
    """A Mexican CURP: 18 characters, the last one a check digit (RENAPO, Instructivo normativo)."""
    text = letters_and_digits(match_text)
    alphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    if len(text) != 18 or not text[17].isdigit():
        return False
    total = sum(alphabet.index(character) * (18 - position) for position, character in enumerate(text[:17]))
    return (10 - total % 10) % 10 == int(text[17])


@validator("us_npi")
def us_npi(match_text: str) -> bool | float:
    """A US national provider identifier: Luhn over the number with 80840 before it (45 CFR 162.406)."""
    digits = digits_of(match_text)
    if len(digits) != 10 or digits[0] not in {1, 2}:
        return False
    return 0.2 if luhn_valid([8, 0, 8, 4, 0, *digits]) else False


@validator("za_id")
def za_id(match_text: str) -> bool | float:
    """A South African identity number: birthday, sequence, citizenship 0 to 2, Luhn (Department of Home Affairs)."""
    digits = digits_of(match_text)
    month, day = digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]
    if len(digits) != 13 or not (1 <= month <= 12 and 1 <= day <= 31) or digits[10] > 2 or not luhn_valid(digits):
        return False
    return 0.3
