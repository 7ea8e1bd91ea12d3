"""Check digits and rules of national identity, tax, health and social security numbers."""

from __future__ import annotations

from datetime import date

from promptguard.detectors.validators.checksums import digits_of
from promptguard.detectors.validators.registry import validator


def letters_and_digits(text: str) -> str:
    """The ASCII letters and digits in `text`, in upper case."""
    return "".join(character for character in text.upper() if character.isascii() and character.isalnum())


def weighted_sum(digits: list[int], weights: tuple[int, ...]) -> int:
    """The sum of the digits, each multiplied by its weight."""
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True))


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@validator("us_ssn")
def us_ssn(match_text: str) -> bool | None:
    """A US social security number that could have been issued.

    Never issued are areas 000, 666 and 900-999, group 00 and serial 0000 (SSA POMS RM 10201.035). Two numbers that were
    printed in advertisements are void too.
    """
    digits = "".join(map(str, digits_of(match_text)))
    separators = {character for character in match_text if not character.isdigit()}
    if len(digits) != 9 or len(separators) > 1 or len(set(digits)) == 1:
        return False
    if digits[:3] in {"000", "666"} or digits[0] == "9" or digits[3:5] == "00" or digits[5:] == "0000":
        return False
    return False if digits in {"123456789", "078051120", "219099999"} else None


@validator("uk_nhs")
def uk_nhs(match_text: str) -> bool | float:
    """A UK NHS number: modulus 11 check digit (NHS Data Dictionary, NHS NUMBER).

    One in eleven ten-digit numbers passes, so that only the printed form, 3-3-4, stands without context.
    """
    digits = digits_of(match_text)
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - weighted_sum(digits[:9], (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    if check % 11 != digits[9]:
        return False
    return 0.5 if " " in match_text else 0.3


@validator("uk_nino")
def uk_nino(match_text: str) -> bool | None:
    """A UK National Insurance number whose prefix can be issued (HMRC NIM39110)."""
    text = letters_and_digits(match_text)
    if text[0] in "DFIQUV" or text[1] in "DFIOQUV" or text[:2] in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}:
        return False
    return None


@validator("de_tax_id")
def de_tax_id(match_text: str) -> bool | float:
    """A German Steuer-ID (§ 139b AO): ISO 7064 MOD 11,10, and exactly one digit repeated in the first ten."""
    digits = digits_of(match_text)
    if len(digits) != 11 or digits[0] == 0:
        return False
    counts = sorted((digits[:10].count(digit) for digit in set(digits[:10])), reverse=True)
    # Until 2015 one digit stood twice; since 2016 one may stand three times (BZSt, technical note on the number).
    if counts[0] not in {2, 3} or counts[1] != 1:
        return False
    product = 10
    for digit in digits[:10]:
        total = (digit + product) % 10 or 10
        product = total * 2 % 11
    check = 11 - product
    return (0.6 if " " in match_text else 0.45) if (0 if check == 10 else check) == digits[10] else False


@validator("de_id_card")
def de_id_card(match_text: str) -> bool | float:
    """A German identity card or passport number with its check digit (ICAO Doc 9303-3, 4.9: weights 7, 3, 1)."""
    text = letters_and_digits(match_text)
    if len(text) != 10 or not text[-1].isdigit() or not any(c.isdigit() for c in text[:9]):
        return False
    values = [int(character, 36) for character in text[:9]]
    return 0.3 if weighted_sum(values, (7, 3, 1) * 3) % 10 == int(text[9]) else False


@validator("fr_nir")
def fr_nir(match_text: str) -> bool | float:
    """A French NIR (social security number): 13 characters and the key 97 - n mod 97 (INSEE).

    In Corsica the department is 2A or 2B, counted as 19 and 18. What starts with neither 1 nor 2 is provisional and
    rare; payment cards look like it.
    """
    text = letters_and_digits(match_text)
    if len(text) != 15:
        return False
    body, key = text[:13].replace("2A", "19", 1).replace("2B", "18", 1), text[13:]
    if not (body.isdigit() and key.isdigit() and 97 - int(body) % 97 == int(key)):
        return False
    # INSEE: the month of birth, or 20 and more where it is not known or registers overlap.
    month = int(body[3:5])
    if not (1 <= month <= 12 or 20 <= month <= 42 or month >= 50):
        return False
    return 0.95 if body[0] in "12" else 0.3


_SPANISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


@validator("es_nif")
def es_nif(match_text: str) -> bool:
    """A Spanish NIF or NIE: control letter by the remainder modulo 23 (Real Decreto 1553/2005; Orden INT/2058/2008)."""
    text = letters_and_digits(match_text)
    number = text[:-1]
    if number[:1] in {"X", "Y", "Z"}:
        number = str("XYZ".index(number[0])) + number[1:]
    return number.isdigit() and int(number) > 0 and _SPANISH_LETTERS[int(number) % 23] == text[-1]


_ITALIAN_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
         10, 22, 25, 24, 23),
        strict=True,
    )
)  # fmt: skip


@validator("it_fiscal_code")
def it_fiscal_code(match_text: str) -> bool:
    """An Italian codice fiscale of a person: control character of D.M. 12 March 1974."""
    text = letters_and_digits(match_text)
    if len(text) != 16:
        return False
    total = 0
    for index, character in enumerate(text[:15]):
        if index % 2 == 0:
            total += _ITALIAN_ODD[character]
        else:
            total += int(character) if character.isdigit() else ord(character) - 65
    return chr(65 + total % 26) == text[15]


@validator("nl_bsn")
def nl_bsn(match_text: str) -> bool | float:
    """A Dutch BSN: the eleven test, weights 9 to 2 and -1 (Regeling burgerservicenummer)."""
    digits = digits_of(match_text)
    if len(digits) != 9 or len(set(digits)) == 1:
        return False
    return 0.2 if weighted_sum(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0 else False


@validator("dk_cpr")
def dk_cpr(match_text: str) -> bool | float:
    """A Danish CPR number: a date and a serial number (CPR-kontoret).

    Numbers since 2007 need not have the modulus 11 check digit, so that passing it only makes surer.
    """
    digits = digits_of(match_text)
    if len(digits) != 10:
        return False
    day, month, year = digits[0] * 10 + digits[1], digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]
    if not (_is_date(1900 + year, month, day) or _is_date(2000 + year, month, day)):
        return False
    checked = weighted_sum(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    if "-" in match_text:
        return 0.6 if checked else 0.3
    return 0.3 if checked else 0.1


# Verhoeff, "Error Detecting Decimal Codes", 1969: multiplication in the dihedral group D5 and its permutation.
_VERHOEFF_PRODUCT = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_VERHOEFF_PERMUTATION = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def verhoeff_valid(digits: list[int]) -> bool:
    """Whether the last digit is the Verhoeff check digit of those before it."""
    check = 0
    for position, digit in enumerate(reversed(digits)):
        check = int(_VERHOEFF_PRODUCT[check][int(_VERHOEFF_PERMUTATION[position % 8][digit])])
    return check == 0


@validator("in_aadhaar")
def in_aadhaar(match_text: str) -> bool | float:
    """An Indian Aadhaar number: twelve digits, not starting with 0 or 1, Verhoeff check digit (UIDAI)."""
    digits = digits_of(match_text)
    if len(digits) != 12 or digits[0] < 2 or digits == digits[::-1] or not verhoeff_valid(digits):
        return False
    return 0.6 if " " in match_text or "-" in match_text else 0.3


@validator("us_aba")
def us_aba(match_text: str) -> bool | None:
    """A US bank routing number: weights 3, 7, 1 (ABA Key to Routing Numbers). None: the pattern's score stands."""
    digits = digits_of(match_text)
    if len(digits) != 9 or len(set(digits)) == 1:
        return False
    return None if weighted_sum(digits, (3, 7, 1) * 3) % 10 == 0 else False


@validator("us_dea")
def us_dea(match_text: str) -> bool | None:
    """A US DEA registration number: d1+d3+d5 + 2(d2+d4+d6) ends in d7 (21 CFR 1301)."""
    digits = digits_of(match_text)[-7:]
    if len(digits) != 7:
        return False
    return None if weighted_sum(digits[:6], (1, 2, 1, 2, 1, 2)) % 10 == digits[6] else False
