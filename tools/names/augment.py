"""The same sample as people also write it: in lower case, in lists, in cells, cut off, with a greeting before it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Final

from tools.names.samples import Sample, joined, part, substituted

from promptguard.detectors.names.chunks import chunks

LOWER: Final = 0.09
UPPER: Final = 0.01
_WRAPPED: Final = 0.08
_WRAPS: Final = (
    ("- ", ""),
    ("* ", ""),
    ("1. ", ""),
    ("> ", ""),
    ('"', '"'),
    ("“", "”"),
    ("„", "“"),
    ("« ", " »"),
    ("**", "**"),
    ("# ", ""),
    ("// ", ""),
    ("| ", " |"),
    ("[ ] ", ""),
    ("Q: ", ""),
    ("user: ", ""),
    ("", " :)"),
    ("", " 🙏"),
    ("👋 ", ""),
    ("(", ")"),
)
_QUOTED: Final = 0.12
"""Of texts of several lines, how many are quoted, indented or listed."""
_QUOTES: Final = ("> ", "> > ", "    ", "\t", " ", "* ", "- ", "| ", "# ", "// ", "?? ", ">> ", "• ")
_LINE_START: Final = re.compile(r"^(?=[^\n])", re.MULTILINE)
_SEPARATORS: Final = (" ", " ", "\n", "\n", "\n\n", " - ")
_MAX_JOINED: Final = 4
_WHOLE: Final = 450
"""Characters up to which a text stays whole."""


def pieces(samples: Sequence[Sample], chance: random.Random) -> Iterator[Sample]:
    """Long samples cut as the detector cuts texts, short ones put together, some of each kind left alone."""
    pending: list[Sample] = []
    for sample in samples:
        if len(sample.text) > _WHOLE:
            for chunk in chunks(sample.text, [(0, len(sample.text))]):
                start = chunk.sources[0]
                yield part(sample, start, start + len(chunk.text))
            continue
        pending.append(sample)
        if len(pending) >= _MAX_JOINED or chance.random() < 0.45 or sum(len(each.text) for each in pending) > _WHOLE:
            yield joined(pending, chance.choice(_SEPARATORS))
            pending = []
    if pending:
        yield joined(pending, " ")


def varied(sample: Sample, chance: random.Random) -> Sample:
    """The sample as it is, or written in one of the other ways."""
    draw = chance.random()
    if draw < LOWER:
        return _written(sample, sample.text.lower())
    if draw < LOWER + UPPER:
        return _written(sample, sample.text.upper())
    if draw < LOWER + UPPER + _WRAPPED:
        before, after = chance.choice(_WRAPS)
        text = f"{before}{sample.text}{after}"
        shift = len(before)
        return Sample(
            text, tuple((start + shift, end + shift, label) for start, end, label in sample.labels), sample.language
        )
    if draw < LOWER + UPPER + _WRAPPED + _QUOTED and "\n" in sample.text:
        return substituted(sample, _LINE_START, chance.choice(_QUOTES))
    return sample


def _written(sample: Sample, text: str) -> Sample:
    """The sample in other letters, unless that changes places (`ß` has no single capital)."""
    return Sample(text, sample.labels, sample.language) if len(text) == len(sample.text) else sample
