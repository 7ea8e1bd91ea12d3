"""Sensitive values, made at run time so that no source file holds one."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

_LETTERS_AND_DIGITS = string.ascii_letters + string.digits
_SURNAMES = ("porter", "lindqvist", "okafor", "moreau", "castellano", "vandenberg", "schuster", "nakamura")
_GIVEN_NAMES = ("jane", "hannah", "omar", "luc", "giulia", "pieter", "sabine", "kenji")


def email(number: int) -> str:
    """An e-mail address; each number gives another."""
    given = _GIVEN_NAMES[number % len(_GIVEN_NAMES)]
    surname = _SURNAMES[number // len(_GIVEN_NAMES) % len(_SURNAMES)]
    return f"{given}.{surname}{number}@fabrikam.com"


def aws_key(generator: random.Random) -> str:
    """An AWS access key id: `AKIA` and 16 characters of RFC 4648's base32."""
    return "AKIA" + "".join(generator.choices(string.ascii_uppercase + "234567", k=16))


def github_token(generator: random.Random) -> str:
    """The form of a GitHub personal access token; its checksum is wrong."""
    return "ghp_" + "".join(generator.choices(_LETTERS_AND_DIGITS, k=36))


def card(generator: random.Random) -> str:
    """A Visa number with a right check digit (ISO/IEC 7812-1, Luhn)."""
    digits = [4, *(generator.randrange(10) for _ in range(14))]
    total = sum(sum(divmod(digit * (2 - index % 2), 10)) for index, digit in enumerate(digits))
    return "".join(map(str, [*digits, -total % 10]))


def iban(generator: random.Random) -> str:
    """A German IBAN with right check digits (ISO 13616, mod 97)."""
    account = "".join(generator.choices(string.digits, k=18))
    check = 98 - int(account + "131400") % 97  # D = 13, E = 14, and 00 for the check digits
    return f"DE{check:02}{account}"


def password(generator: random.Random) -> str:
    """A password as a careful person picks it."""
    return "".join(generator.choices(_LETTERS_AND_DIGITS, k=9)) + generator.choice("!%+-") + "7qZ"


def planted(count: int, seed: int) -> list[tuple[str, str]]:
    """Distinct values of all kinds: a sentence with the value, and the value."""
    generator = random.Random(seed)
    makers: list[tuple[str, Callable[[], str]]] = [
        ("Please answer {} today.", lambda: email(generator.randrange(10_000, 99_999))),
        ("We paid with card {} last week.", lambda: card(generator)),
        ("The money goes to IBAN {} on Friday.", lambda: iban(generator)),
        ("aws_access_key_id = {}", lambda: aws_key(generator)),
        ("export GITHUB_TOKEN={}", lambda: github_token(generator)),
        ("The password is {}", lambda: password(generator)),
        ("DATABASE_URL=postgres://app:{}@db.fabrikam.com/orders", lambda: password(generator).replace("%", "x")),
    ]
    values: dict[str, str] = {}
    while len(values) < count:
        template, make = makers[len(values) % len(makers)]
        value = make()
        values.setdefault(value, template.format(value))
    return [(sentence, value) for value, sentence in values.items()]
