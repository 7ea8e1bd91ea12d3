"""What templates hold besides names: products, works, eponyms, job titles, dates, numbers."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import Final

from tools.names.lists import lines

from promptguard.detectors.names.lexicon import read_words

_MONTHS: Final = lines("months")
_USERS: Final = lines("users")
_DOMAINS: Final = lines("domains")
_GERMAN_NOUNS: Final = lines("german_nouns")
_GIVEN_NAMES: Final = sorted(name for name in read_words("given_names") if len(name) > 3)
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
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


def _stock_number(chance: random.Random) -> str:
    """As goods have: `AB1234-5`, `X-20-113`, `77.1203.4`."""
    form = chance.choice(("AA9999-9", "AA-9999", "A-99-999", "99.9999.9", "AAA999", "AA99-999-A", "99999-AA"))
    return "".join(
        str(chance.randint(0, 9)) if sign == "9" else chance.choice(_LETTERS) if sign == "A" else sign for sign in form
    )


def _uuid(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def _iban(chance: random.Random) -> str:
    """Of the form of ISO 13616, in groups of four or in one piece, with letters of a bank or none; not its checksum."""
    country = chance.choice(("DE", "FR", "GB", "gb", "NL", "IT", "ES", "DK", "PT", "BE", "AT", "CH"))
    bank = "".join(chance.choice(_LETTERS) for _ in range(4)) if chance.random() < 0.4 else ""
    digits = chance.randint(14, 20) - len(bank)
    number = f"{country}{chance.randint(10, 99)}{bank}{chance.randint(10 ** (digits - 1), 10**digits - 1)}"
    if chance.random() < 0.5:
        return number
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _amount(chance: random.Random) -> str:
    return f"{chance.choice(('€', '$', ''))}{chance.randint(1, 9999)}{chance.choice(('', '.50', ',99 €'))}"


def _german_noun(chance: random.Random) -> str:
    """A noun, or a compound of two or three, as German writes them: `Rechnung`, `Wartungsvertrag`."""
    words = [chance.choice(_GERMAN_NOUNS) for _ in range(chance.choice((1, 1, 1, 2, 2, 3)))]
    joined = words[0]
    for word in words[1:]:
        joined += ("s" if joined.endswith(("ung", "heit", "keit", "tät")) else "") + word.lower()
    return joined


def _thing_called_as_people(chance: random.Random) -> str:
    """A machine, a release or a program that bears a given name, as hosts and versions do: `build-anna`, `Lenny`."""
    name = chance.choice(_GIVEN_NAMES)
    return chance.choice(
        (
            name.capitalize(),
            name.capitalize(),
            f"{name}{chance.randint(1, 40)}",
            f"{name}-{chance.randint(1, 9)}",
            f"{chance.choice(('srv', 'node', 'build', 'db', 'web'))}-{name}",
            f"{name}.{chance.choice(_DOMAINS)}",
        )
    )


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
    "IBAN": _iban,
    "SKU": _stock_number,
    "UUID": _uuid,
    "GOODS": _listed("goods"),
    "BRAND": _listed("brands"),
    "FICTION": _listed("fiction"),
    "FONT": _listed("typefaces"),
    "STYLE": _listed("document_styles"),
    "NOUN": _german_noun,
    "GIVENTHING": _thing_called_as_people,
}
