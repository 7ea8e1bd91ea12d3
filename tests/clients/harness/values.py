"""What a person should not have sent, made at run time and different for every client."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass

_PEOPLE = (
    ("Hannah", "Lindqvist"),
    ("Omar", "Okafor"),
    ("Giulia", "Castellano"),
    ("Pieter", "Vandenberg"),
    ("Sabine", "Schuster"),
    ("Kenji", "Nakamura"),
)


@dataclass(frozen=True, slots=True)
class Values:
    """One person's."""

    name: str
    email: str
    card: str
    password: str

    @property
    def personal(self) -> tuple[str, ...]:
        """What is replaced, and put back in the answer."""
        return self.name, self.email, self.card


def values_for(client: str) -> Values:
    """The same for the same client."""
    generator = random.Random(client)
    given, surname = generator.choice(_PEOPLE)
    email = f"{given}.{surname}{generator.randrange(100, 999)}@fabrikam.com".lower()
    password = "".join(generator.choices(string.ascii_letters + string.digits, k=9)) + "!7qZ"
    return Values(f"{given} {surname}", email, _card(generator), password)


def _card(generator: random.Random) -> str:
    """A Visa number with a right check digit (ISO/IEC 7812-1, Luhn)."""
    digits = [4, *(generator.randrange(10) for _ in range(14))]
    total = sum(sum(divmod(digit * (2 - index % 2), 10)) for index, digit in enumerate(digits))
    return "".join(map(str, [*digits, -total % 10]))
