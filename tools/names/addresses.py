"""Made-up postal addresses in the forms of many countries (UPU, S42: international addressing)."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tools.names.lists import lines

if TYPE_CHECKING:
    from tools.names.exchange import Names
    from tools.names.pools import Pool

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
    if chance.random() < _COMPOSED:
        return _composed(names, language)
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


_STREETS: Final[dict[str, list[tuple[str, list[str]]]]] = {}
"""What streets are called, by language: words `before` what they are called after, `after` it, or `joined` to it."""
for _line in lines("street_forms"):
    _language, _where, _words = _line.split("\t")
    _STREETS.setdefault(_language, []).append((_where, _words.split("|")))
_COMPOSED: Final = 0.5
_JOINTS: Final = (", ", ", ", ", ", " ", "\n", " - ", " · ", "; ", ",")


def _composed(names: Names, language: str | None) -> str:
    """An address of a street, a number and more in an order of the country, separated as people happen to do it."""
    chance = names.chance
    language = language if language in _STREETS and chance.random() < 0.7 else chance.choice(list(_STREETS))
    pool = names.pool(language)
    street = _street(names, language, pool)
    number = str(chance.choice((chance.randint(1, 30), chance.randint(1, 250), chance.randint(1, 9999))))
    if chance.random() < 0.25:
        number += chance.choice(("a", "b", "c", " bis", " ter", "-3", "/4", " A", "–12"))
    if chance.random() < 0.15:
        number = f"{chance.choice(('n.', 'nº', 'n.º', 'No.', 'Nr.', '#'))} {number}"
    first = language in {"en", "fr"}
    joint = chance.choice((" ", " ", ", "))
    parts = [f"{number}{joint}{street}" if first else f"{street}{joint}{number}"]
    if chance.random() < 0.3:
        unit = chance.choice(
            (
                "Apt {}",
                "Apt. {}",
                "Suite {}",
                "#{}",
                "Unit {}B",
                "{}. OG",
                "{}º B",
                "apto {}",
                "int. {}",
                "bus {}",
                "{}. tv",
            )
        )
        parts.append(unit.format(chance.randint(1, 400)))
    place = names.city()
    if chance.random() < 0.75:
        code = postal_code(chance)
        region = f", {chance.choice(_REGIONS)}" if language == "en" else ""
        place = f"{place}{region} {code}" if language == "en" or chance.random() < 0.15 else f"{code} {place}"
    if chance.random() < 0.85:
        parts.append(place)
    if chance.random() < 0.1:
        parts.append(names.country())
    joint = chance.choice(_JOINTS)
    return joint.join(parts)


def street(names: Names, language: str | None) -> str:
    """A street without a number, as people speak of it."""
    chance = names.chance
    language = language if language in _STREETS and chance.random() < 0.8 else chance.choice(list(_STREETS))
    return _street(names, language, names.pool(language))


def _street(names: Names, language: str, pool: Pool) -> str:
    chance = names.chance
    called = chance.choice((chance.choice(_WORDS), names.surname(pool), names.full_name(pool), names.city()))
    where, words = chance.choice(_STREETS[language])
    word = chance.choice(words)
    return {"before": f"{word} {called}", "after": f"{called} {word}", "joined": f"{called}{word}"}[where]


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
