"""Sentences made from templates, one file a language: `{SLOT}` is filled in, of `[one|another]` one is taken."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tools.names.addresses import address, greek_address, postal_code, street
from tools.names.exchange import Names
from tools.names.fillers import FILLERS
from tools.names.lists import lines
from tools.names.pools import Pool
from tools.names.samples import LOCATION, PERSON, PLACE, Label, Sample
from tools.names.tables import table

_FOLDER: Final = Path(__file__).parent / "templates"
_CHOICE: Final = re.compile(r"\[([^\[\]\n]*\|[^\[\]\n]*)\]")
_SLOT: Final = re.compile(r"\{([A-Z]+)\}")
_TABLE_EVERY: Final = 13
_LEGAL_FORMS: Final = lines("legal_forms")
_FIRST_WORDS: Final = lines("company_words")
_INVENTED: Final = (
    "ly",
    "io",
    "ify",
    "ware",
    "storm",
    "coach",
    "mine",
    "fig",
    "ora",
    "ius",
    "ex",
    "ento",
    "via",
    "tis",
)
"""Endings of companies' names that are none of a family and have no legal form."""


def expand(template: str, chance: random.Random) -> str:
    """The template with one of each choice taken; line feeds and tabs are written `\\n` and `\\t` there."""
    while match := _CHOICE.search(template):
        template = template[: match.start()] + chance.choice(match[1].split("|")) + template[match.end() :]
    return template.replace("\\n", "\n").replace("\\t", "\t")


def fill(template: str, language: str, names: Names) -> Sample:
    """The expanded template with its slots filled in; persons and places are labelled."""
    pieces: list[str] = []
    labels: list[Label] = []
    length = position = 0
    pool = names.pool(language)
    for match in _SLOT.finditer(template):
        written, label = _filled(
            match[1], language, names, pool if names.chance.random() < 0.5 else names.pool(language)
        )
        before = template[position : match.start()]
        pieces += [before, written]
        length += len(before)
        if label:
            labels.append((length, length + len(written), label))
        length += len(written)
        position = match.end()
    pieces.append(template[position:])
    return Sample("".join(pieces), tuple(labels), language)


def _filled(slot: str, language: str, names: Names, pool: Pool) -> tuple[str, str | None]:
    persons: dict[str, Callable[[], str]] = {
        "PERSON": lambda: names.full_name(pool),
        "GIVEN": lambda: names.given_name(pool),
        "SURNAME": lambda: names.surname(pool),
    }
    places: dict[str, Callable[[], str]] = {
        "ADDRESS": lambda: address(names, language),
        "STREET": lambda: address(names, language).split(",")[0].split("\n")[0],
        "GREEK": lambda: greek_address(names),
        "ZIP": lambda: postal_code(names.chance),
        "CITY": names.city,
        "TOWN": names.town,
        "COUNTRY": names.country,
    }
    if slot in persons:
        return persons[slot](), PERSON
    if slot in places:
        return places[slot](), LOCATION
    if slot == "COMPANY":
        return _company(names), None
    if slot == "NAMESAKE":  # after whom something is called
        return names.surname(pool) if names.chance.random() < 0.8 else names.full_name(pool), None
    if slot == "SURNAMETHING":  # a shop or a firm that is called as its owner
        return names.surname(pool), None
    if slot == "CALLED":  # a storm
        return names.given_name(pool), None
    if slot == "WHERE":  # a town that may be where somebody lives, or not
        return names.city(), PLACE
    if slot == "AVENUE":  # a street of which somebody speaks, often called after a person
        return street(names, language), PLACE
    if slot in ("LAND", "SPOT"):  # of which somebody speaks, and nobody lives there
        return (names.country() if slot == "LAND" else names.city()), None
    return FILLERS[slot](names.chance), None


def _company(names: Names) -> str:
    """A company called after a family, a town, or nothing."""
    chance = names.chance
    draw = chance.random()
    if draw < 0.3:
        return FILLERS["COMPANY"](chance)
    if draw < 0.36:
        return f"{chance.choice(_FIRST_WORDS)}{chance.choice(_INVENTED)}"
    form = chance.choice(_LEGAL_FORMS)
    if draw < 0.6:
        return f"{names.surname()} {form}"
    if draw < 0.7:
        return f"{names.surname()} & {names.surname()}{chance.choice(('', ' LLP', ' Ltd', ' GmbH'))}"
    if draw < 0.8:
        return f"{names.surname()}-{names.surname()}"
    if draw < 0.86:
        return f"{names.surname()}, {names.surname()} and {names.surname()}"
    if draw < 0.92:
        return f"{names.city()} {form}"
    return f"{chance.choice(_FIRST_WORDS)}{chance.choice(('', ' '))}{chance.choice(_FIRST_WORDS).lower()} {form}"


def templates() -> list[tuple[str, str]]:
    """All templates, with their language; those of `any` belong to all."""
    return [
        (file.stem, line)
        for file in sorted(_FOLDER.glob("*.txt"))
        for line in file.read_text("utf-8").splitlines()
        if line and not line.startswith("##")
    ]


def generated(count: int, names: Names) -> Iterator[Sample]:
    """`count` samples, of each template about as many, and tables."""
    listed = templates()
    for index in range(count):
        if index % _TABLE_EVERY == 0:
            yield table(names)
            continue
        language, template = listed[index % len(listed)]
        yield fill(expand(template, names.chance), language, names)
