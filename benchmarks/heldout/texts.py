"""The set as it is stored: texts with hand-written labels, and what each was taken from."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.detection.sample import Gold

FOLDER = Path(__file__).parent


class Half(StrEnum):
    """Whether a text may be looked at while a detector is worked on."""

    SEEN = "seen"
    UNSEEN = "unseen"


class Label(StrEnum):
    """What words of a text are."""

    PERSON = "PERSON"
    """The name of a real person, or of one who seems to be real: to be found."""
    PUBLIC_PERSON = "PUBLIC_PERSON"
    """A public figure whom the text quotes or speaks about: a finding counts neither for nor against."""
    LOCATION = "LOCATION"
    """An address: street, number, postcode, town, as far as they are there."""
    TOWN = "TOWN"
    """A town by itself: a finding counts neither for nor against."""
    NO_PERSON = "NO_PERSON"
    """What looks like a person's name and is none: a company, a product, a character, an eponym."""


@dataclass(frozen=True, slots=True)
class Item:
    """One text of one to three sentences, lines or entries."""

    id: str
    source: str
    text: str
    spans: tuple[Gold, ...]
    """In the order of the text, none on another; offsets in characters."""

    @property
    def half(self) -> Half:
        """Decided by the text alone, so it stays whatever is added."""
        return Half.SEEN if sha256(self.text.encode()).digest()[0] % 2 else Half.UNSEEN

    def labelled(self, label: Label) -> list[Gold]:
        """The spans of one label."""
        return [span for span in self.spans if span.label == label]


def languages() -> list[str]:
    """Two-letter codes of the languages that have texts."""
    return sorted(path.stem for path in FOLDER.glob("*.jsonl"))


def items(language: str) -> list[Item]:
    """All texts of a language.

    Raises:
        FileNotFoundError: there are none.
        ValueError: a line is no text in the form that README.md gives.
    """
    path = FOLDER / f"{language}.jsonl"
    return [_item(line, f"{path.name}:{number}") for number, line in enumerate(path.open(encoding="utf-8"), start=1)]


def sources(language: str) -> Mapping[str, Mapping[str, Any]]:
    """What the texts of a language were taken from, by the id that they name."""
    with (FOLDER / "sources" / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


def _item(line: str, where: str) -> Item:
    try:
        row = json.loads(line)
        spans = tuple(Gold(start, end, Label(label)) for start, end, label in row["spans"])
        return Item(row["id"], row["source"], row["text"], spans)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{where}: not an object with id, source, text and spans [start, end, label]: {error}"
        ) from None
