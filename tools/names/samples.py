"""A labelled text, and how changes to the text carry its labels along."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

PERSON, LOCATION, PLACE, DOUBT = "PERSON", "LOCATION", "PLACE", "DOUBT"
"""Labels. Of a place that may or may not be where somebody lives, only that it is no person is learned; of what is in
doubt, nothing."""

type Label = tuple[int, int, str]
"""Start, end (exclusive) and label, in characters."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text and what of it is a name or an address; the rest is none."""

    text: str
    labels: tuple[Label, ...] = ()
    language: str = field(default="en", compare=False)


def replaced(sample: Sample, changes: Iterable[tuple[int, int, str]]) -> Sample:
    """The sample with ranges of its text exchanged. Changes are in order and do not overlap; a label keeps what it
    covers, also where that became longer or shorter."""
    pieces: list[str] = []
    points: list[tuple[int, int, int]] = []  # start and end of what was replaced, and the shift after it
    position = shift = 0
    for start, end, new in changes:
        pieces += [sample.text[position:start], new]
        shift += len(new) - (end - start)
        points.append((start, end, shift))
        position = end
    pieces.append(sample.text[position:])

    def moved(place: int, *, is_end: bool) -> int:
        before = 0
        for start, end, after in points:
            # What is inserted where a label starts or ends stays outside of it.
            if place < start or (place == start and (is_end or start < end)):
                return place + before
            if place < end:
                return (end + after) if is_end else start + before
            before = after
        return place + before

    labels = tuple((moved(start, is_end=False), moved(end, is_end=True), label) for start, end, label in sample.labels)
    return Sample("".join(pieces), labels, sample.language)


def substituted(sample: Sample, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> Sample:
    """`pattern.sub` on a sample."""
    changes = [
        (match.start(), match.end(), match.expand(new) if isinstance(new, str) else new(match))
        for match in pattern.finditer(sample.text)
    ]
    return replaced(sample, changes) if changes else sample


def joined(samples: list[Sample], separator: str) -> Sample:
    """Several samples as one text."""
    labels: list[Label] = []
    length = 0
    for sample in samples:
        labels += [(start + length, end + length, label) for start, end, label in sample.labels]
        length += len(sample.text) + len(separator)
    return Sample(separator.join(sample.text for sample in samples), tuple(labels), samples[0].language)


def part(sample: Sample, low: int, high: int) -> Sample:
    """What stands between two places of a sample; labels are cut there too."""
    labels = tuple(
        (max(start, low) - low, min(end, high) - low, label)
        for start, end, label in sample.labels
        if start < high and end > low
    )
    return Sample(sample.text[low:high], labels, sample.language)
