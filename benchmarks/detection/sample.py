"""The nouns of the corpus: a text, and where in it stands what should be found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise

from promptguard.model import Role

type Span = tuple[int, int]
"""Start inclusive, end exclusive, in characters."""

CORE = ("PERSON", "LOCATION", "EMAIL", "PHONE", "CREDIT_CARD", "SSN", "IBAN", "IP", "LICENSE")
"""The types that make up the headline figures, as in presidio-research's and our own tuning sets."""

SECRET = "SECRET"

_HELD_OUT = 3
"""One template in this many is held out: nobody may tune a detector on its texts."""


class Measure(StrEnum):
    """How the texts of a set are judged."""

    LABELLED = "labelled"
    """Precision and recall by type, and what would leak."""
    SECRETS = "secrets"
    """Recall of secrets, whatever they are called."""
    LOOKALIKES = "lookalikes"
    """Share of texts in which a secret is seen though there is none."""
    CLEAN = "clean"
    """Alarms per 1,000 texts."""
    CODE = "code"
    """Alarms per 100 KB."""
    EVASIONS = "evasions"
    """Recall by disguise."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A stretch of a text that should be found."""

    start: int
    end: int
    label: str

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Sample:
    """One text of the corpus."""

    id: str
    text: str
    gold: tuple[Gold, ...] = ()
    public: tuple[Gold, ...] = ()
    """Public figures and places in a clean text: an alarm on them is counted apart."""
    language: str = "en"
    group: str = ""
    """What the text is: a ticket, a log, a disguise. Figures are broken down by it."""
    held_out: bool = False
    voice: Role = Role.USER
    """Whose words it is sent as."""
    cuts: tuple[int, ...] = ()
    """Where the text is cut into adjacent segments of one request; empty where it is one segment."""

    def segments(self) -> list[tuple[int, str]]:
        """The pieces in which the text is sent, each with its offset."""
        edges = [0, *self.cuts, len(self.text)]
        return [(start, self.text[start:end]) for start, end in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class Collection:
    """A named part of the corpus, judged in one way."""

    name: str
    measure: Measure
    build: Callable[[], list[Sample]]
    """Makes the samples, the same at every call."""


def is_held_out(template: str) -> bool:
    """Whether a template belongs to the third that nobody tunes on. Depends on its id alone, so it never changes."""
    return sha256(template.encode()).digest()[0] % _HELD_OUT == 0
