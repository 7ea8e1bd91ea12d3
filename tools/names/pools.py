"""Names of persons and places by locale, listed and made up, to put into sentences."""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tools.names.lists import lines

from promptguard.detectors.names.lexicon import read_words

_PLACES: Final = Path(__file__).parents[2] / "src/promptguard/detectors/reference/places.txt"
_ORDER: Final = 3
"""Letters that the next one of a made-up name depends on."""
_MIN_NAMES: Final = 40
"""Names of a locale, below which made-up ones would be copies."""


@dataclass(frozen=True)
class Pool:
    """The names of one locale, in Latin script."""

    locale: str
    given: Sequence[str]
    surnames: Sequence[str]

    @cached_property
    def _given_maker(self) -> Maker:
        return Maker(self.given)

    @cached_property
    def _surname_maker(self) -> Maker:
        return Maker(self.surnames)

    def given_name(self, chance: random.Random, made_up: float) -> str:
        """A given name; with the probability `made_up` one that only sounds like this locale's."""
        if len(self.given) >= _MIN_NAMES and chance.random() < made_up:
            return self._given_maker.make(chance)
        return chance.choice(self.given)

    def surname(self, chance: random.Random, made_up: float) -> str:
        """A surname, as `given_name`."""
        if len(self.surnames) >= _MIN_NAMES and chance.random() < made_up:
            return self._surname_maker.make(chance)
        return chance.choice(self.surnames)


class Maker:
    """Makes up names letter by letter, each after the ones before it as in real names (Shannon 1948)."""

    def __init__(self, names: Iterable[str]) -> None:
        self._next: dict[str, list[str]] = defaultdict(list)
        for name in names:
            edged = "^" * _ORDER + name + "$"
            for index in range(_ORDER, len(edged)):
                self._next[edged[index - _ORDER : index]].append(edged[index])

    def make(self, chance: random.Random) -> str:
        """A name of 3 to 14 letters."""
        while True:
            made = "^" * _ORDER
            while not made.endswith("$") and len(made) < _ORDER + 16:
                made += chance.choice(self._next[made[-_ORDER:]])
            made = made.strip("^$")
            if 3 <= len(made) <= 14:
                return made


@dataclass(frozen=True)
class Places:
    """Names of towns and countries."""

    cities: Sequence[str]
    countries: Sequence[str]


def places() -> Places:
    """The gazetteer's, those left out that are rather something else."""
    rows = [line.split("\t") for line in _PLACES.read_text("utf-8").splitlines()]
    return Places(
        [name for kind, name in rows if kind == "city" and _is_latin(name)],
        [name for kind, name in rows if kind == "country" and _is_latin(name)],
    )


def pools() -> list[Pool]:
    """Faker's locales, those of `lists/romanised.txt`, and the lexicon as one more, in order of their ids.

    Faker must be installed (`uv sync --group train`).
    """
    found = list(_of_faker())
    found += list(_romanised())
    found.append(_namesakes(found))
    common = read_words("common_words")
    found.append(
        Pool(
            "lexicon",
            [name.capitalize() for name in sorted(read_words("given_names") - common) if len(name) > 2],
            [name.capitalize() for name in sorted(read_words("surnames") - common) if len(name) > 2],
        )
    )
    return sorted(found, key=lambda pool: pool.locale)


def _namesakes(others: Sequence[Pool]) -> Pool:
    """People who are called as a law, a disease or an algorithm is: Dijkstra is a surname like others."""
    words = {word for line in lines("eponyms") for word in re.findall(r"[A-ZÖ][a-zà-ÿ]{2,}(?=['’]|$| )", line)}
    known = {name for pool in others for name in pool.surnames} | read_words("surnames")
    surnames = sorted(word for word in words if word in known or word.lower() in known)
    listed = read_words("given_names")
    given = sorted({name for pool in others for name in pool.given if name.lower() in listed})
    return Pool("namesakes", given, surnames)


def _romanised() -> Iterator[Pool]:
    rows = [line.split("\t") for line in lines("romanised")]
    for locale in dict.fromkeys(locale for locale, _, _ in rows):
        given, surnames = (
            [name for of, kind, name in rows if of == locale and kind == wanted] for wanted in ("given", "surname")
        )
        yield Pool(locale, given, surnames)


def _of_faker() -> Iterator[Pool]:
    import faker.providers.person

    for module in sorted(pkgutil.iter_modules(faker.providers.person.__path__), key=lambda each: each.name):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        given = _names(provider, "first_name")
        surnames = _names(provider, "last_name")
        if len(given) >= _MIN_NAMES and len(surnames) >= _MIN_NAMES:
            yield Pool(module.name, given, surnames)


def _names(provider: Any, prefix: str) -> list[str]:
    found: set[str] = set()
    for attribute in dir(provider):
        value = getattr(provider, attribute)
        if attribute.startswith(prefix) and isinstance(value, (dict, list, tuple)):
            found.update(value.keys() if isinstance(value, dict) else value)
    return sorted(
        unicodedata.normalize("NFC", name)
        for name in found
        if isinstance(name, str) and _is_latin(name) and " " not in name and len(name) > 1
    )


def _is_latin(name: str) -> bool:
    return all("LATIN" in unicodedata.name(letter, "") for letter in name if letter.isalpha())
