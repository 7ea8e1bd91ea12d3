"""Other names in the same sentences."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Final

from tools.names.addresses import address
from tools.names.pools import Places, Pool
from tools.names.samples import LOCATION, PERSON, PLACE, Label, Sample, replaced

MADE_UP: Final = 0.35
"""Of the exchanged names, how many are none that anybody bears: the lists must not be all that the model knows."""
_AT_HOME: Final = 0.35
_INITIAL: Final = re.compile(r"[^\W\d_]\.")
_PARTICLES: Final = {
    "pt": (0.3, ("da", "de", "dos", "do", "das", "e")),
    "es": (0.08, ("de", "de la", "del", "de los", "y")),
    "nl": (0.3, ("van", "van der", "de", "van den", "van de", "ten", "ter", "den")),
    "fr": (0.08, ("de", "du", "Le", "La", "des")),
    "it": (0.1, ("di", "De", "Del", "Della", "Di", "Lo")),
    "de": (0.06, ("von", "von der", "zu", "vom")),
    "ar": (0.3, ("al", "el", "bin", "ibn", "Al", "El", "Abu")),
}
"""What may stand before a surname, and how often, by the language of the locale."""
_OTHER_PARTICLES: Final = (0.04, ("van", "de", "von", "di", "del", "dos", "da", "el", "al", "bin", "le", "la"))
_TWO_SURNAMES: Final = {"es": 0.45, "pt": 0.4}
"""How often two families' names are borne one after the other."""
_CAPITALS: Final = "ABCDEFGHJKLMNPRSTW"
_SECOND: Final = (
    (0.08, lambda chance, pool: f"{chance.choice(_CAPITALS)}."),
    (0.05, lambda chance, pool: chance.choice(_CAPITALS)),
    (0.10, lambda chance, pool: pool.given_name(chance, MADE_UP)),
)


class Names:
    """Draws names of persons and places."""

    def __init__(self, pools: Sequence[Pool], places: Places, chance: random.Random) -> None:
        self._pools = pools
        self._places = places
        self.chance = chance

    def pool(self, language: str | None = None) -> Pool:
        """The names of some locale, every third time of one where `language` is spoken."""
        own = [pool for pool in self._pools if pool.locale.startswith(f"{language}_")]
        return self.chance.choice(own if own and self.chance.random() < _AT_HOME else self._pools)

    def full_name(self, pool: Pool | None = None) -> str:
        """Given name and surname, with what else a full name may have."""
        chance = self.chance
        pool = pool or self.pool()
        words = [pool.given_name(chance, MADE_UP)]
        for share, second in _SECOND:
            if chance.random() < share:
                words.append(second(chance, pool))
                break
        surname = pool.surname(chance, MADE_UP)
        language = pool.locale.partition("_")[0]
        share, particles = _PARTICLES.get(language, _OTHER_PARTICLES)
        if chance.random() < share:
            surname = f"{chance.choice(particles)} {surname}"
        if chance.random() < _TWO_SURNAMES.get(language, 0.0):
            surname = f"{pool.surname(chance, MADE_UP)} {surname}"
        if chance.random() < 0.05:
            surname += ("-" if chance.random() < 0.7 else " ") + pool.surname(chance, MADE_UP)
        return " ".join([*words, surname])

    def given_name(self, pool: Pool | None = None) -> str:
        """A given name, seldom a double one."""
        pool = pool or self.pool()
        name = pool.given_name(self.chance, MADE_UP)
        return f"{name}-{pool.given_name(self.chance, 0)}" if self.chance.random() < 0.03 else name

    def surname(self, pool: Pool | None = None) -> str:
        """A surname."""
        return (pool or self.pool()).surname(self.chance, MADE_UP)

    def city(self) -> str:
        """A town."""
        return self.chance.choice(self._places.cities)

    def town(self) -> str:
        """A town or country, at times in capital letters."""
        name = self.city() if self.chance.random() < 0.8 else self.country()
        return name.upper() if self.chance.random() < 0.4 else name

    def country(self) -> str:
        """A country."""
        return self.chance.choice(self._places.countries)

    def like(self, written: str, label: str, language: str) -> str:
        """A name in place of `written`, of as many parts and in the same letters."""
        if label == PLACE:
            new = self.city()
        elif label == LOCATION:
            new = address(self, language) if any(map(str.isdigit, written)) else self.city()
        elif " " in written and not _INITIAL.match(written):
            new = self.full_name(self.pool(language))
        elif match := _INITIAL.match(written):
            rest = f" {self.surname(self.pool(language))}" if match.end() < len(written) else ""
            new = f"{self.chance.choice(_CAPITALS)}.{rest}"
        else:
            pool = self.pool(language)
            new = self.given_name(pool) if self.chance.random() < 0.5 else self.surname(pool)
        if written.islower():
            return new.lower()
        return new.upper() if written.isupper() and len(written) > 3 else new


def exchanged(sample: Sample, names: Names) -> Sample:
    """The sample with other names: the same for the same, and most addresses as they were."""
    drawn: dict[tuple[str, str], str] = {}
    changes: list[Label] = []
    end_before = -1
    for start, end, label in sorted(sample.labels):
        if label not in {PERSON, LOCATION, PLACE} or start < end_before:
            continue
        end_before = end
        written = sample.text[start:end]
        if label != PERSON and names.chance.random() < 0.3:
            continue
        if (written, label) not in drawn:
            drawn[written, label] = names.like(written, label, sample.language)
        changes.append((start, end, drawn[written, label]))
    return replaced(sample, changes)
