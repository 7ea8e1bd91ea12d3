"""Numbers with the check digits that their issuers ask for; none was ever issued to anybody but by chance."""

from __future__ import annotations

import random
import string
from datetime import date, timedelta

_CARDS: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...] = (
    (("4",), (16, 16, 16, 13, 19)),
    (("51", "52", "53", "54", "55", "2221", "2345", "2720"), (16,)),
    (("34", "37"), (15,)),
    (("6011", "644", "65"), (16,)),
    (("3528", "3540", "3589"), (16,)),
    (("36", "38", "300", "305"), (14,)),
    (("5018", "5020", "5038", "6304", "6759", "6763"), (12, 16, 18, 19)),
    (("62",), (16, 17, 19)),
)
"""Issuer prefixes and lengths: Visa, Mastercard, American Express, Discover, JCB, Diners, Maestro, UnionPay."""

_IBANS = {
    "DE": "n18", "FR": "n10c11n2", "ES": "n20", "IT": "a1n10c12", "NL": "a4n10", "DK": "n14", "GB": "a4n14",
    "CH": "n5c12", "AT": "n16", "BE": "n12", "PL": "n24", "SE": "n20", "NO": "n11", "PT": "n21", "IE": "a4n14",
}  # fmt: skip
"""The account part by country (ISO 13616 registry): `n` digits, `a` letters, `c` both."""

_NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_MONTHS_IT = "ABCDEHLMPRST"
_ODD_IT = dict(
    zip(
        string.digits + string.ascii_uppercase,
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
         10, 22, 25, 24, 23],
        strict=True,
    )
)  # fmt: skip
"""Values of characters at odd places of a codice fiscale (D.M. 12 March 1974)."""


def digits(generator: random.Random, count: int) -> str:
    """Digits, none of them leading zeros."""
    return str(generator.randint(10 ** (count - 1), 10**count - 1)) if count else ""


def luhn_digit(number: str) -> str:
    """The check digit that goes behind a number (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def card(generator: random.Random) -> str:
    """A payment card number, plain or in groups."""
    prefixes, lengths = generator.choice(_CARDS)
    length = generator.choice(lengths)
    prefix = generator.choice(prefixes)
    number = prefix + "".join(generator.choices(string.digits, k=length - len(prefix) - 1))
    number += luhn_digit(number)
    separator = generator.choice(["", "", " ", " ", "-"])
    if length == 15:
        return separator.join((number[:4], number[4:10], number[10:]))
    if length == 14:
        return separator.join((number[:4], number[4:10], number[10:]))
    return separator.join(number[place : place + 4] for place in range(0, length, 4))


def iban(generator: random.Random, country: str) -> str:
    """An IBAN, plain or in groups of four."""
    country = country if country in _IBANS and generator.random() < 0.7 else generator.choice(sorted(_IBANS))
    account = ""
    form = _IBANS[country]
    sets = {"n": string.digits, "a": string.ascii_uppercase, "c": string.digits + string.ascii_uppercase}
    while form:
        kind, form = form[0], form[1:]
        count = "".join(character for character in form[:2] if character.isdigit())
        form = form[len(count) :]
        account += "".join(generator.choices(sets[kind], k=int(count)))
    check = 98 - int("".join(str(int(character, 36)) for character in f"{account}{country}00")) % 97
    number = f"{country}{check:02}{account}"
    if generator.random() < 0.5:
        return number
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def us_ssn(generator: random.Random) -> str:
    """A US social security number of a range that is issued."""
    area = generator.choice([*range(101, 666), *range(667, 772)])
    separator = generator.choice(["-", "-", "-", " "])
    return f"{area}{separator}{generator.randint(11, 98)}{separator}{generator.randint(1001, 9989)}"


def national_id(generator: random.Random, country: str) -> str:
    """A number by which a country knows a person, with its check digits."""
    birth = birthday(generator)
    match country:
        case "GB":
            letters = generator.choice(["AB", "CE", "HJ", "JN", "KP", "LM", "PX", "SW", "TZ", "YA"])
            number = "".join(generator.choices(string.digits, k=6))
            suffix = generator.choice("ABCD")
            return generator.choice(
                [f"{letters}{number}{suffix}", f"{letters} {number[:2]} {number[2:4]} {number[4:]} {suffix}"]
            )
        case "DE":
            return _steuer_id(generator)
        case "FR":
            start = f"{generator.randint(1, 2)}{birth:%y%m}{generator.randint(1, 95):02}{generator.randint(1, 990):03}"
            number = f"{start}{generator.randint(1, 999):03}"
            key = 97 - int(number) % 97
            return generator.choice(
                [f"{number}{key:02}",
                 f"{number[0]} {number[1:3]} {number[3:5]} {number[5:7]} {number[7:10]} {number[10:]} {key:02}"]
            )  # fmt: skip
        case "ES":
            value = generator.randint(10_000_000, 79_999_999)
            separator = generator.choice(["", "", "-"])
            if generator.random() < 0.3:
                first, rest = generator.randint(0, 2), f"{value % 10_000_000:07}"
                return f"{'XYZ'[first]}{rest}{separator}{_NIF_LETTERS[int(f'{first}{rest}') % 23]}"
            return f"{value}{separator}{_NIF_LETTERS[value % 23]}"
        case "IT":
            return _codice_fiscale(generator, birth)
        case "NL":
            while True:
                number = digits(generator, 8)
                last = sum(int(digit) * weight for digit, weight in zip(number, range(9, 1, -1), strict=True)) % 11
                if last < 10:
                    return f"{number}{last}"
        case "DK":
            serial = f"{generator.randint(1, 3999):04}"
            return f"{birth:%d%m%y}{generator.choice(['-', '-', ''])}{serial}"
        case _:
            return us_ssn(generator)


def nhs_number(generator: random.Random) -> str:
    """A UK NHS number (modulus 11)."""
    while True:
        number = digits(generator, 9)
        check = 11 - sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            number += str(check % 11)
            return f"{number[:3]} {number[3:6]} {number[6:]}"


def driver_license(generator: random.Random, country: str) -> str:
    """The number of a driving licence: in the form of the country, else of one of several US states."""
    letter = generator.choice(string.ascii_uppercase)
    if country == "GB":
        name = make_letters(generator, 5)
        start = f"{name}{digits(generator, 6)}{make_letters(generator, 2)}"
        return f"{start}{generator.randint(1, 9)}{make_letters(generator, 2)}"
    match country:
        case "DE":
            middle = f"{make_letters(generator, 3)}{generator.randint(1, 9)}{make_letters(generator, 1)}"
            return f"{letter}0{digits(generator, 2)}{middle}{digits(generator, 2)}"
        case "FR":
            return f"{generator.randint(13, 25)}{make_letters(generator, 2)}{digits(generator, 5)}"
        case "IT":
            return f"U1{make_letters(generator, 1)}{digits(generator, 6)}{make_letters(generator, 1)}"
        case "NL":
            return digits(generator, 10)
        case "DK":
            return digits(generator, 8)
    return generator.choice(
        [f"{letter}{digits(generator, 7)}", digits(generator, 9), digits(generator, 8),
         f"{letter}{digits(generator, 3)}-{digits(generator, 4)}-{digits(generator, 4)}",
         "-".join([letter + digits(generator, 3), *(digits(generator, count) for count in (3, 2, 3, 1))]),
         f"{letter}{digits(generator, 12)}"]
    )  # fmt: skip


def passport(generator: random.Random, country: str) -> str:
    """A passport number in the form of the country."""
    match country:
        case "DE":
            return f"C{''.join(generator.choices('CFGHJKLMNPRTVWXYZ0123456789', k=7))}{generator.randint(0, 9)}"
        case "FR":
            return f"{generator.randint(10, 26)}{make_letters(generator, 2)}{digits(generator, 5)}"
        case "ES":
            return f"{make_letters(generator, 3)}{digits(generator, 6)}"
        case "IT":
            return f"Y{make_letters(generator, 1)}{digits(generator, 7)}"
        case "NL":
            middle = "".join(generator.choices("ABCDEFGHJK0123456789", k=6))
            return f"{make_letters(generator, 2)}{middle}{generator.randint(0, 9)}"
        case _:
            return digits(generator, 9)


def birthday(generator: random.Random) -> date:
    """The day of birth of somebody who works."""
    return date(1944, 1, 1) + timedelta(days=generator.randrange(60 * 365))


def written_date(generator: random.Random, day: date, language: str) -> str:
    """A date as people of a language write it in forms."""
    month = _MONTHS[language].split()[day.month - 1]
    match language:
        case "en":
            return generator.choice(
                [
                    f"{day:%m/%d/%Y}",
                    f"{day:%Y-%m-%d}",
                    f"{month} {day.day}, {day.year}",
                    f"{day.day} {month} {day.year}",
                ]
            )
        case "de" | "dk" | "da":
            return generator.choice([f"{day:%d.%m.%Y}", f"{day.day}. {month} {day.year}", f"{day:%d.%m.%y}"])
        case "es":
            return generator.choice([f"{day:%d/%m/%Y}", f"{day.day} de {month} de {day.year}", f"{day:%d-%m-%Y}"])
        case "nl":
            return generator.choice([f"{day:%d-%m-%Y}", f"{day.day} {month} {day.year}"])
        case _:
            return generator.choice([f"{day:%d/%m/%Y}", f"{day.day} {month} {day.year}"])


def ipv4(generator: random.Random) -> str:
    """An address of a network of one's own, or a public one."""
    last = f"{generator.randint(1, 254)}.{generator.randint(2, 253)}"
    first = generator.choice(["10.20", "10.118", "172.19", "192.168", "81.187", "93.184", "145.97", "62.30", "185.71"])
    return f"{first}.{last}"


def ipv6(generator: random.Random) -> str:
    """A global address, in full or shortened."""
    groups = [f"{generator.randint(1, 65535):x}" for _ in range(5)]
    first = generator.choice(["2a02:8109", "2a00:1450", "2600:1f18", "2a01:e0a"])
    return generator.choice(
        [f"{first}:{':'.join(groups)}:{generator.randint(1, 9999):x}", f"{first}::{':'.join(groups[:2])}"]
    )


def make_letters(generator: random.Random, count: int) -> str:
    """Capital letters."""
    return "".join(generator.choices(string.ascii_uppercase, k=count))


def _steuer_id(generator: random.Random) -> str:
    """A German tax id: ten digits of which exactly one is there twice, and a check digit (ISO 7064 MOD 11,10)."""
    pool = generator.sample(string.digits, 9)
    pool.append(generator.choice(pool))
    generator.shuffle(pool)
    while pool[0] == "0":
        generator.shuffle(pool)
    product = 10
    for digit in pool:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    number = "".join(pool) + str((11 - product) % 10)
    return generator.choice([number, f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:]}"])


def _codice_fiscale(generator: random.Random, birth: date) -> str:
    consonants = "BCDFGLMNPRSTVZ"
    day = birth.day + generator.choice([0, 40])
    code = (
        "".join(generator.choices(consonants, k=6))
        + f"{birth:%y}{_MONTHS_IT[birth.month - 1]}{day:02}"
        + generator.choice("ABCDEFGHIL")
        + f"{generator.randint(101, 989)}"
    )
    total = 0
    for place, character in enumerate(code, 1):
        total += _ODD_IT[character] if place % 2 else int(character, 36) - (0 if character.isdigit() else 10)
    return code + string.ascii_uppercase[total % 26]


_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
}
