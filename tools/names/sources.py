"""The texts that the model is trained on: one JSON object a line, in gzip, as `sources.toml` lists them."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.names.samples import DOUBT, LOCATION, PERSON, PLACE, Sample, substituted

_LIST: Final = Path(__file__).parent / "sources.toml"
_DOUBTFUL: Final = frozenset({"ARTIST"})
"""Persons and bands alike."""

# Corpora that come as words: "L' Ucraina", "16. 7 %", "( 1905 )".
_BEFORE_SIGN: Final = re.compile(r"(?<=[\w)\]%”»]) (?=[,.;:!?)\]%](?:\s|$))")
_AFTER_SIGN: Final = re.compile(r"(?<=[(\[«„]) (?=\w)")
_ELISION: Final = re.compile(r"(?<=\w['’]) (?=\w)")
_ELIDES: Final = frozenset({"fr", "it"})


@dataclass(frozen=True, slots=True)
class Source:
    """One set of texts."""

    file: str
    sha256: str
    """Of the file as it is read, in hexadecimal."""
    labels: bool
    """Whether people labelled it; else the teacher does."""
    places: bool
    """Whether the places in it are where people live; else they are any that the news speak of, and
    teach no more than that they are no persons."""
    words: bool
    """Whether it comes as words, with spaces before the signs."""
    every: int
    """Of so many texts one is taken."""
    exchange: int
    """How many copies with other names in them are made."""
    licence: str
    attribution: str
    url: str
    commit: str


class SourceError(Exception):
    """A set of texts is missing or not the recorded one; the message says which."""


def sources() -> list[Source]:
    """All sets, in the list's order."""
    listed = tomllib.loads(_LIST.read_text("utf-8"))["source"]
    return [
        Source(
            entry["file"],
            entry["sha256"],
            entry.get("labels", True),
            entry.get("places", True),
            entry.get("words", False),
            entry.get("every", 1),
            entry.get("exchange", 0),
            entry["licence"],
            entry["attribution"],
            entry["url"],
            entry["commit"],
        )
        for entry in listed
    ]


def read(source: Source, folders: Sequence[Path]) -> Iterator[Sample]:
    """The texts of a set, from the first folder that has its file.

    Raises:
        SourceError: the file is missing, or another one than was recorded.
    """
    path = next((path for each in folders if (path := each / source.file).exists()), folders[0] / source.file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror}. It comes from {source.url} at {source.commit}.") from None
    digest = hashlib.sha256(content).hexdigest()
    if digest != source.sha256:
        raise SourceError(f"{path}: SHA-256 is {digest}, and not {source.sha256} as in {_LIST.name}.")
    for line in gzip.decompress(content).decode().split("\n")[: -1 : source.every]:
        row = json.loads(line)
        labels = tuple(
            (start, end, _label(source, label))
            for start, end, label in row.get("spans", ())
            if label in {PERSON, LOCATION, *_DOUBTFUL}
        )
        sample = Sample(row["text"], labels, row["lang"])
        yield _as_written(sample) if source.words else sample


def _label(source: Source, label: str) -> str:
    if label in _DOUBTFUL:
        return DOUBT
    return PLACE if label == LOCATION and not source.places else label


def _as_written(sample: Sample) -> Sample:
    for pattern in (_BEFORE_SIGN, _AFTER_SIGN, *((_ELISION,) if sample.language in _ELIDES else ())):
        sample = substituted(sample, pattern, "")
    return sample
