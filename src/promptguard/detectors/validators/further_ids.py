"""Check digits of identity and tax numbers of countries that have none in the other modules.

Each follows what the issuing authority publishes; python-stdnum (docs/stdnum.*.html) lists the same rules.
"""

from __future__ import annotations

from datetime import date

from promptguard.detectors.validators.checksums import digits_of, luhn_valid
from promptguard.detectors.validators.national_ids import letters_and_digits, weighted_sum
from promptguard.detectors.validators.registry import validator

SURE = 0.9
FORMED = 0.6
"""Written as such numbers are, with a birthday in it, but without a check digit that fits."""
BARE = 0.3
"""Below the usual threshold: one in ten numbers of that length passes, so that a word must stand before it."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _exists(year: int, month: int, day: int) -> bool:
    try:
        return 1850 <= date(year, month, day).year <= 2099
    except ValueError:
        return False


def _number(digits: list[int]) -> int:
    return int("".join(map(str, digits)))


def _grouped(match_text: str) -> bool:
    return not match_text.isalnum()


@validator("kr_rrn")
def kr_rrn(match_text: str) -> float | bool:
    """A Korean resident registration number: birthday, sex and century, check digit (none since October 2020)."""
    digits = digits_of(match_text)
    if len(digits) != 13:
        return False
    century = {9: 1800, 0: 1800, 1: 1900, 2: 1900, 5: 1900, 6: 1900}.get(digits[6], 2000)
    if not _exists(century + _number(digits[:2]), _number(digits[2:4]), _number(digits[4:6])):
        return False
    fits = (11 - weighted_sum(digits[:12], (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10 == digits[12]
    if _grouped(match_text):
        return SURE if fits else FORMED
    return BARE if fits else False


@validator("sg_nric")
def sg_nric(match_text: str) -> float | bool:
    """A Singaporean NRIC or FIN: letter, seven digits, check letter (ICA); that of M is not published."""
    text = match_text.upper()
    total = weighted_sum(digits_of(text), (2, 7, 6, 5, 4, 3, 2)) + (4 if text[0] in "TG" else 0)
    if text[0] == "M":
        return BARE
    return SURE if ("JZIHGFEDCBA" if text[0] in "ST" else "XWUTRQPNMLK")[total % 11] == text[-1] else False


@validator("hk_id")
def hk_id(match_text: str) -> float | bool:
    """A Hong Kong identity card: one or two letters, six digits, check digit modulo 11 (Immigration Department)."""
    text = letters_and_digits(match_text)
    letters = [ord(character) - 55 for character in text[:-1] if character.isalpha()]
    values = [36] * (2 - len(letters)) + letters + digits_of(text[:-1])
    check = -sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    if "0123456789A"[check] != text[-1]:
        return False
    return SURE if "(" in match_text else BARE


@validator("cn_id")
def cn_id(match_text: str) -> float | bool:
    """A Chinese resident identity number: region, birthday, order, ISO 7064 MOD 11-2 (GB 11643-1999)."""
    digits = digits_of(match_text[:17])
    if len(digits) != 17 or not _exists(_number(digits[6:10]), _number(digits[10:12]), _number(digits[12:14])):
        return False
    total = weighted_sum(digits, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return SURE if "10X98765432"[total % 11] == match_text[-1].upper() else False


@validator("th_id")
def th_id(match_text: str) -> float | bool:
    """A Thai identity number: thirteen digits, the last a check digit modulo 11 (Bureau of Registration)."""
    digits = digits_of(match_text)
    if len(digits) != 13 or (11 - weighted_sum(digits[:12], tuple(range(13, 1, -1))) % 11) % 10 != digits[12]:
        return False
    return SURE if _grouped(match_text) else BARE


@validator("ae_id")
def ae_id(match_text: str) -> float | bool:
    """An Emirates ID: 784, year of birth, seven digits, Luhn (ICP)."""
    digits = digits_of(match_text)
    if len(digits) != 15 or not 1900 <= _number(digits[3:7]) <= 2099:
        return False
    if not luhn_valid(digits):
        return FORMED if _grouped(match_text) else False
    return SURE


@validator("tr_id")
def tr_id(match_text: str) -> float | bool:
    """A Turkish identity number: eleven digits, the last two check the others (Nüfus ve Vatandaşlık İşleri)."""
    digits = digits_of(match_text)
    if len(digits) != 11 or digits[0] == 0:
        return False
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return BARE if tenth == digits[9] and sum(digits[:10]) % 10 == digits[10] else False


@validator("ro_cnp")
def ro_cnp(match_text: str) -> float | bool:
    """A Romanian CNP: sex and century, birthday, county, order, check digit modulo 11 (DEPABD)."""
    digits = digits_of(match_text)
    if (
        len(digits) != 13
        or digits[0] == 0
        or not 1 <= _number(digits[3:5]) <= 12
        or not 1 <= _number(digits[5:7]) <= 31
    ):
        return False
    check = weighted_sum(digits[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return 0.5 if (1 if check == 10 else check) == digits[12] else False


@validator("cz_birth_number")
def cz_birth_number(match_text: str) -> float | bool:
    """A Czech or Slovak birth number: birthday, women's months plus 50, divisible by 11 (zákon 133/2000 Sb.)."""
    digits = digits_of(match_text)
    month = _number(digits[2:4]) % 50
    month = month - 20 if month > 20 else month
    if len(digits) not in {9, 10} or not _exists(2000, month, _number(digits[4:6])):
        return False
    if len(digits) == 9:
        return BARE
    return SURE if _number(digits) % 11 == 0 else BARE


@validator("ru_snils")
def ru_snils(match_text: str) -> float | bool:
    """A Russian SNILS: nine digits and a checksum modulo 101 (Социальный фонд)."""
    digits = digits_of(match_text)
    if len(digits) != 11 or len(set(digits)) < 3:
        return False
    check = weighted_sum(digits[:9], tuple(range(9, 0, -1))) % 101 % 100
    return (SURE if _grouped(match_text) else BARE) if check == _number(digits[9:]) else False


@validator("ru_inn")
def ru_inn(match_text: str) -> float | bool:
    """A Russian INN of a person (12 digits) or a company (10): weights modulo 11 (ФНС)."""
    digits = digits_of(match_text)
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    if len(set(digits)) < 3:
        return False
    if len(digits) == 10:
        return BARE if weighted_sum(digits[:9], weights[2:]) % 11 % 10 == digits[9] else False
    fits = len(digits) == 12 and weighted_sum(digits[:10], weights[1:]) % 11 % 10 == digits[10]
    return BARE if fits and weighted_sum(digits[:11], weights) % 11 % 10 == digits[11] else False


@validator("il_id")
def il_id(match_text: str) -> float | bool:
    """An Israeli identity number: nine digits, Luhn (רשות האוכלוסין)."""
    digits = digits_of(match_text)
    return BARE if len(digits) == 9 and len(set(digits)) > 2 and luhn_valid(digits) else False


@validator("cl_rut")
def cl_rut(match_text: str) -> float | bool:
    """A Chilean RUT: seven or eight digits, check character modulo 11 (SII)."""
    digits = digits_of(match_text[:-1])
    weights = tuple(2 + place % 6 for place in range(len(digits)))[::-1]
    check = "0K987654321"[weighted_sum(digits, weights) % 11]
    return (SURE if "." in match_text else 0.5) if check == match_text[-1].upper() else False


@validator("ar_cuit")
def ar_cuit(match_text: str) -> float | bool:
    """An Argentine CUIT or CUIL: kind, eight digits, check digit modulo 11 (ARCA)."""
    digits = digits_of(match_text)
    if len(digits) != 11 or _number(digits[:2]) not in {20, 23, 24, 25, 26, 27, 30, 33, 34}:
        return False
    check = -weighted_sum(digits[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return (SURE if _grouped(match_text) else BARE) if (9 if check == 10 else check) == digits[10] else False


@validator("br_cnpj")
def br_cnpj(match_text: str) -> float | bool:
    """A Brazilian CNPJ: twelve digits and two check digits modulo 11 (Receita Federal)."""
    digits = digits_of(match_text)
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    if len(digits) != 14 or len(set(digits)) < 3:
        return False
    for length in (12, 13):
        rest = weighted_sum(digits[:length], weights[13 - length :]) % 11
        if digits[length] != (0 if rest < 2 else 11 - rest):
            return False
    return SURE if _grouped(match_text) else BARE


@validator("au_abn")
def au_abn(match_text: str) -> float | bool:
    """An Australian business number: eleven digits, the first less one, weights modulo 89 (ATO)."""
    digits = digits_of(match_text)
    if len(digits) != 11 or digits[0] == 0:
        return False
    total = weighted_sum([digits[0] - 1, *digits[1:]], (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19))
    return (0.5 if _grouped(match_text) else BARE) if total % 89 == 0 else False


@validator("in_gstin")
def in_gstin(match_text: str) -> float | bool:
    """An Indian GSTIN: state, PAN, number, Z, check character modulo 36 (GSTN)."""
    text = match_text.upper()
    total = 0
    for place, character in enumerate(text[:14]):
        product = _ALPHABET.index(character) * (2 if place % 2 else 1)
        total += product // 36 + product % 36
    return SURE if _ALPHABET[-total % 36] == text[14] else False


@validator("eu_vat")
def eu_vat(match_text: str) -> float | bool | None:
    """A VAT number of the Union whose check digits are known (VIES); None where only the form is."""
    text = letters_and_digits(match_text)
    country, number = text[:2], text[2:]
    digits = digits_of(number)
    if country == "DE":
        product = 10
        for digit in digits[:8]:
            product = ((product + digit) % 10 or 10) * 2 % 11
        return SURE if (11 - product) % 10 == digits[8] else False
    if country == "FR":
        siren = number[2:]
        key = (12 + 3 * (int(siren) % 97)) % 97
        return (SURE if int(number[:2]) == key else False) if number[:2].isdigit() else None
    if country == "BE":
        return SURE if 97 - int(number[:8]) % 97 == int(number[8:]) else False
    if country == "IT":
        return SURE if luhn_valid(digits) else False
    if country == "PL":
        return SURE if weighted_sum(digits[:9], (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == digits[9] else False
    return None


_MRZ_WEIGHTS = (7, 3, 1)


def _mrz_digit(field: str) -> str:
    values = (0 if character == "<" else _ALPHABET.index(character) for character in field)
    return str(sum(value * _MRZ_WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


@validator("machine_readable_zone")
def machine_readable_zone(match_text: str) -> bool:
    """The line of a travel document with its dates: check digits of birthday and expiry (ICAO Doc 9303-3, 4.9)."""
    line = match_text.split("\n")[-1].strip()
    birth = 13 if len(line) == 44 or len(line) == 36 else 0
    expiry = birth + 8
    return (
        _mrz_digit(line[birth : birth + 6]) == line[birth + 6]
        and _mrz_digit(line[expiry : expiry + 6]) == line[expiry + 6]
    )


@validator("solana_address")
def solana_address(match_text: str) -> float | bool:
    """Thirty-two bytes in base 58 (solana.com/docs, Ed25519 public keys)."""
    value = 0
    for character in match_text:
        value = value * 58 + _BASE58.index(character)
    letters = any(map(str.islower, match_text)) and any(map(str.isupper, match_text))
    return 0.25 if letters and any(map(str.isdigit, match_text)) and 248 < value.bit_length() <= 256 else False
