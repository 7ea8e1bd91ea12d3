"""Made-up postal addresses in the forms of many countries (UPU, S42: international addressing)."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tools.names.lists import lines

if TYPE_CHECKING:
    from tools.names.exchange import Names

_GREEK_TOWNS: Final = lines("greek_towns")
_GREEK_STREETS: Final = lines("greek_streets")
_WORDS: Final = lines("street_words")
_REGIONS: Final = lines("regions")

FORMS: Final[dict[str, list[str]]] = {}
"""How addresses are written, by the language of the country.

In `lists/addresses.txt` {n} is a house number, {z2} to {z6} are digits of postal codes, {s} what a street is called
after, {g} a given name, {c} a town, {k} a country, {f} a small number, {l} a letter, {us} a region, {uk} and {ca}
postal codes.
"""
for _line in lines("addresses"):
    _language, _, _form = _line.partition("\t")
    FORMS.setdefault(_language, []).append(_form.replace("\\n", "\n"))


def address(names: Names, language: str | None = None) -> str:
    """An address as people of some country write it."""
    chance = names.chance
    form = chance.choice(FORMS[language if language in FORMS and chance.random() < 0.7 else chance.choice(list(FORMS))])
    pool = names.pool()

    def street() -> str:
        draw = chance.random()
        return chance.choice(_WORDS) if draw < 0.4 else names.surname(pool) if draw < 0.8 else names.city()

    written = form
    for slot, draw in {
        "{s}": street,
        "{g}": lambda: names.given_name(pool),
        "{c}": names.city,
        "{k}": names.country,
        "{n}": lambda: str(chance.choice((chance.randint(1, 30), chance.randint(1, 250), chance.randint(1, 9999)))),
        "{f}": lambda: str(chance.randint(1, 12)),
        "{l}": lambda: chance.choice("ABCDEGHKLMNPRSTVWXZ"),
        "{us}": lambda: chance.choice(_REGIONS),
        "{uk}": lambda: _code(chance, "LL9 9LL"),
        "{ca}": lambda: _code(chance, "L9L 9L9"),
        **{f"{{z{digits}}}": _number(chance, digits) for digits in range(2, 7)},
    }.items():
        while slot in written:
            written = written.replace(slot, draw(), 1)
    return written


def greek_address(names: Names) -> str:
    """An address in Greek letters, the only ones beside Latin that the model reads, or a town's name alone."""
    chance = names.chance
    town = chance.choice(_GREEK_TOWNS)
    if chance.random() < 0.3:
        town = town.upper()
    if chance.random() < 0.4:
        return town
    street = f"{chance.choice(_GREEK_STREETS)} {chance.randint(1, 250)}"
    form = chance.choice(("{}, {} {}", "{}\n{} {}", "{}, ΤΚ {} {}", "{}\n{} {}\nΕλλάδα", "{}, {} {}, Κύπρος"))
    return form.format(street, _number(chance, chance.choice((4, 5)))(), town)


def postal_code(chance: random.Random) -> str:
    """A postal code of some country."""
    return _code(
        chance, chance.choice(("99999", "9999", "99999-9999", "9999 LL", "LL9 9LL", "L9L 9L9", "999999", "99-999"))
    )


def _code(chance: random.Random, form: str) -> str:
    return "".join(
        chance.choice("ABCEGHKLMNPRSTVXY") if sign == "L" else str(chance.randint(0, 9)) if sign == "9" else sign
        for sign in form
    )


def _number(chance: random.Random, digits: int) -> Callable[[], str]:
    return lambda: "".join(str(chance.randint(0, 9)) for _ in range(digits))
