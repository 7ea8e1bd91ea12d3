"""Check digits of identity, tax and insurance numbers of further European countries.

What a random number passes too easily has a score below the usual threshold: a context word has to lift it.
"""

from __future__ import annotations

from datetime import date

from promptguard.detectors.validators.checksums import digits_of, luhn_valid
from promptguard.detectors.validators.national_ids import letters_and_digits, weighted_sum
from promptguard.detectors.validators.registry import validator


def _birthday(year: int, month: int, day: int) -> bool:
    """Whether the day exists, in the last century or in this one."""
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def _pairs(digits: list[int]) -> tuple[int, int, int]:
    """The first six digits as three numbers."""
    return digits[0] * 10 + digits[1], digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]


@validator("de_social_security")
def de_social_security(match_text: str) -> bool | float:
    """A German pension insurance number (VKVV § 4: weights 2 1 2 5 7 1 2 1 2 1 2 1, digit sums)."""
    text = letters_and_digits(match_text)
    if len(text) != 12 or not text[8].isalpha():
        return False
    expanded = [int(c) for c in f"{text[:8]}{ord(text[8]) - 64:02}{text[9:11]}"]
    products = (digit * weight for digit, weight in zip(expanded, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True))
    checked = sum(product // 10 + product % 10 for product in products) % 10 == int(text[11])
    # Area, birthday, letter and check digit together are as good as a word; a mistyped number needs one.
    return 0.6 if checked else 0.1


@validator("es_nss")
def es_nss(match_text: str) -> bool | float:
    """A Spanish social security number: province, number, and the rest of both divided by 97 (Orden TAS/2865/2003)."""
    digits = "".join(map(str, digits_of(match_text)))
    if len(digits) != 12 or not (1 <= int(digits[:2]) <= 53 or digits[:2] == "66"):
        return False
    province, number = int(digits[:2]), int(digits[2:10])
    # Numbers below ten million are counted without their leading zero.
    body = number + province * 10_000_000 if number < 10_000_000 else int(digits[:10])
    return 0.3 if body % 97 == int(digits[10:]) else False


@validator("be_national_number")
def be_national_number(match_text: str) -> bool | float:
    """A Belgian national register number: birthday, serial number, 97 less the rest of them by 97 (AR 3 April 1984)."""
    digits = "".join(map(str, digits_of(match_text)))
    if len(digits) != 11 or int(digits[2:4]) % 20 > 12 or int(digits[4:6]) > 31:
        return False
    check = int(digits[9:])
    if check not in {97 - int(digits[:9]) % 97, 97 - int("2" + digits[:9]) % 97}:
        return False
    return 0.7 if "." in match_text or "-" in match_text else 0.3


@validator("at_social_security")
def at_social_security(match_text: str) -> bool | float:
    """An Austrian social insurance number: serial number, check digit, birthday (§ 31 ASVG)."""
    digits = digits_of(match_text)
    if len(digits) != 10 or digits[0] == 0:
        return False
    day, month, year = _pairs(digits[4:])
    # Where the numbers of a day are used up, months beyond twelve are given out.
    if not (_birthday(year, month, day) or (12 < month <= 15 and 1 <= day <= 31)):
        return False
    check = weighted_sum(digits[:3] + digits[4:], (3, 7, 9, 5, 8, 4, 2, 1, 6)) % 11
    return 0.3 if check == digits[3] else False


@validator("ch_ahv")
def ch_ahv(match_text: str) -> bool:
    """A Swiss AHV number: 756, nine digits, EAN-13 check digit (AHVV Art. 133)."""
    digits = digits_of(match_text)
    if len(digits) != 13 or digits[:3] != [7, 5, 6]:
        return False
    return weighted_sum(digits, (1, 3) * 6 + (1,)) % 10 == 0


@validator("se_personal_number")
def se_personal_number(match_text: str) -> bool | float:
    """A Swedish personnummer or samordningsnummer: birthday, three digits, Luhn (SKV 704)."""
    digits = digits_of(match_text)[-10:]
    if len(digits) != 10 or not luhn_valid(digits):
        return False
    year, month, day = _pairs(digits)
    # 60 is added to the day of those who are not registered.
    if not (_birthday(year, month, day) or _birthday(year, month, day - 60)):
        return False
    return 0.5 if match_text[-5] in "-+" else 0.2


@validator("no_birth_number")
def no_birth_number(match_text: str) -> bool | float:
    """A Norwegian fødselsnummer or D-nummer: birthday, three digits, two check digits modulo 11 (Skatteetaten)."""
    digits = digits_of(match_text)
    if len(digits) != 11:
        return False
    day, month, year = _pairs(digits)
    # D numbers have 40 added to the day, synthetic ones 40, 65 or 80 to the month.
    if not _birthday(year, month % 40 if month < 80 else month - 80, day % 40):
        return False
    first = weighted_sum(digits[:10], (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    second = weighted_sum(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11
    return 0.55 if first == 0 and second == 0 else False


@validator("fi_personal_code")
def fi_personal_code(match_text: str) -> bool:
    """A Finnish henkilötunnus: birthday, century sign, three digits, check character modulo 31 (Dnro VRK/5042/2020)."""
    text = match_text.upper()
    digits = digits_of(text[:10])
    if len(text) != 11 or len(digits) != 9:
        return False
    day, month, year = _pairs(digits)
    number = int("".join(map(str, digits)))
    return _birthday(year, month, day) and "0123456789ABCDEFHJKLMNPRSTUVWXY"[number % 31] == text[10]


@validator("pl_pesel")
def pl_pesel(match_text: str) -> bool | float:
    """A Polish PESEL: birthday, serial number, check digit with weights 1 3 7 9 (Ustawa o ewidencji ludności)."""
    digits = digits_of(match_text)
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    year, month, day = _pairs(digits)
    # The century is in the month: 20 is added for those born from 2000 on, 80 for the 19th century.
    if not _birthday(year, month % 20, day):
        return False
    return 0.35 if weighted_sum(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0 else False


@validator("pt_nif")
def pt_nif(match_text: str) -> bool | float:
    """A Portuguese NIF of a person: first digit 1, 2 or 3, or 45; check digit modulo 11 (Decreto-Lei 14/2013)."""
    digits = digits_of(match_text)
    if len(digits) != 9 or not (digits[0] in {1, 2, 3} or digits[:2] == [4, 5]) or len(set(digits)) == 1:
        return False
    check = 11 - weighted_sum(digits[:8], (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return 0.2 if (0 if check > 9 else check) == digits[8] else False


@validator("ie_pps")
def ie_pps(match_text: str) -> bool | float:
    """An Irish PPS number: seven digits, check letter modulo 23, perhaps a second letter (DSP)."""
    text = letters_and_digits(match_text)
    if len(text) not in {8, 9} or not text[:7].isdigit() or not text[7:].isalpha():
        return False
    total = weighted_sum([int(c) for c in text[:7]], (8, 7, 6, 5, 4, 3, 2))
    if len(text) == 9 and text[8] != "W":
        total += 9 * (ord(text[8]) - 64)
    return 0.45 if "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] == text[7] else False


@validator("uk_utr")
def uk_utr(match_text: str) -> bool | float:
    """A UK unique taxpayer reference: the first of ten digits checks the others (HMRC, modulus 11)."""
    digits = digits_of(match_text)
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    remainder = weighted_sum(digits[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11
    return 0.2 if "21987654321"[remainder] == str(digits[0]) else False
