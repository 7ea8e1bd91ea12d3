"""What templates hold besides names: products, works, eponyms, job titles, dates, numbers."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from tools.names.lists import lines

_MONTHS: Final = lines("months")
_USERS: Final = lines("users")
_DOMAINS: Final = lines("domains")
_PHONES: Final = (
    "+99 999 9999999",
    "(999) 999-9999",
    "099 999 99 99",
    "999-999-9999",
    "+999 999 999 999",
    "0999/999999",
)


def _date(chance: random.Random) -> str:
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1940, 2030)
    return chance.choice(
        (
            f"{day:02}.{month:02}.{year}",
            f"{day:02}/{month:02}/{year}",
            f"{year}-{month:02}-{day:02}",
            f"{day}. {chance.choice(_MONTHS)} {year}",
            f"{chance.choice(_MONTHS)} {day}, {year}",
            f"{day} de {chance.choice(_MONTHS)}",
            f"{day}/{month}",
        )
    )


def _phone(chance: random.Random) -> str:
    form = chance.choice(_PHONES)
    return "".join(str(chance.randint(0, 9)) if sign == "9" else sign for sign in form)


def _number(chance: random.Random) -> str:
    return str(chance.choice((chance.randint(1, 12), chance.randint(1, 300), chance.randint(1000, 99_999))))


def _identifier(chance: random.Random) -> str:
    letters = "".join(chance.choice("ABCDEFGHKLMNPRSTUVWX") for _ in range(chance.randint(0, 3)))
    return f"{letters}{chance.choice(('', '-', '#'))}{chance.randint(1000, 9_999_999)}"


def _amount(chance: random.Random) -> str:
    return f"{chance.choice(('€', '$', ''))}{chance.randint(1, 9999)}{chance.choice(('', '.50', ',99 €'))}"


def _listed(name: str) -> Callable[[random.Random], str]:
    choices = lines(name)
    return lambda chance: chance.choice(choices)


FILLERS: Final[dict[str, Callable[[random.Random], str]]] = {
    "COMPANY": _listed("companies"),
    "PRODUCT": _listed("products"),
    "WORK": _listed("works"),
    "EPONYM": _listed("eponyms"),
    "TITLE": _listed("job_titles"),
    "ASK": _listed("requests"),
    "LANGUAGE": _listed("languages"),
    "MONTH": _listed("months"),
    "USER": lambda chance: chance.choice(_USERS),
    "DATE": _date,
    "YEAR": lambda chance: str(chance.randint(1850, 2030)),
    "TIME": lambda chance: f"{chance.randint(0, 23)}:{chance.randint(0, 59):02}",
    "PHONE": _phone,
    "EMAIL": lambda chance: f"{chance.choice(_USERS)}{chance.randint(1, 99)}@{chance.choice(_DOMAINS)}",
    "URL": lambda chance: f"https://{chance.choice(_DOMAINS)}/{chance.choice(_USERS)}/{chance.randint(1, 999)}",
    "NUM": _number,
    "AMOUNT": _amount,
    "ID": _identifier,
    "IBAN": lambda chance: f"{chance.choice(('gb', 'DE', 'FR'))}{chance.randint(10**17, 10**18)}",
}
