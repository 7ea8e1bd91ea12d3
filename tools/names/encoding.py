"""Samples as arrays: which word stands where, what stands before it, and what it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt
from tools.names.samples import LOCATION, PERSON, PLACE, Sample

from promptguard.detectors.names.network.features import Lists, word_features
from promptguard.detectors.names.network.tokens import tokens

IGNORED: Final = -1
"""The class of words that teach nothing."""
NO_PERSON: Final = -2
"""The class of words that are either none or of an address, but of no person's name."""
CLASSES: Final = {PERSON: 1, LOCATION: 2, PLACE: NO_PERSON}


@dataclass(frozen=True, slots=True)
class Encoded:
    """All words of all samples, one after another."""

    words: list[str]
    """The different words."""
    types: npt.NDArray[np.int32]
    """For each word of each text, its place in `words`."""
    gaps: npt.NDArray[np.int8]
    classes: npt.NDArray[np.int8]
    """0 for none, one of `CLASSES`, or `IGNORED`."""
    starts: npt.NDArray[np.int64]
    """Where each sample starts; one more, the end of the last."""


def encode(samples: Iterable[Sample]) -> Encoded:
    """The samples as arrays. Texts without any word are left out."""
    places: dict[str, int] = {}
    types: list[int] = []
    gaps: list[int] = []
    classes: list[int] = []
    starts = [0]
    for sample in samples:
        found = tokens(sample.text)
        if not found.written:
            continue
        types += [places.setdefault(word, len(places)) for word in found.written]
        gaps += found.gaps
        classes += _classes(sample, found.starts)
        starts.append(len(types))
    return Encoded(
        list(places),
        np.array(types, dtype=np.int32),
        np.array(gaps, dtype=np.int8),
        np.array(classes, dtype=np.int8),
        np.array(starts, dtype=np.int64),
    )


def _classes(sample: Sample, starts: list[int]) -> list[int]:
    labels = sorted(sample.labels)
    firsts = [start for start, _, _ in labels]
    result = [0] * len(starts)
    if not labels:
        return result
    for index, start in enumerate(starts):
        place = bisect_right(firsts, start) - 1
        # Labels may lie within each other: a doubt about a word of an address.
        while place >= 0 and place >= bisect_right(firsts, start) - 3:
            if labels[place][1] > start:
                result[index] = CLASSES.get(labels[place][2], IGNORED)
                break
            place -= 1
    return result


@dataclass(frozen=True, slots=True)
class Rows:
    """The table's rows of many words, one after another."""

    rows: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    """Where each word's rows start; one more, the end of the last."""


def rows_of(words: Iterable[str], lists: Lists, *, known: bool) -> Rows:
    """The features of words; see `word_features`."""
    features = [word_features(word, lists, known=known) for word in words]
    counts = np.fromiter(map(len, features), dtype=np.int64, count=len(features))
    return Rows(
        np.fromiter(chain.from_iterable(features), dtype=np.int32, count=int(counts.sum())),
        np.concatenate(([0], counts.cumsum())),
    )
