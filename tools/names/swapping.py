"""Other words in the places of persons, drawn anew at each step: no sentence is learned by heart with its names."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from tools.names.encoding import CLASSES, Encoded
from tools.names.samples import PERSON

type Integers = npt.NDArray[np.int64]

_PERSON: Final = CLASSES[PERSON]
_ALONE, _FIRST, _INNER, _LAST = range(4)
_KINDS: Final = 8
"""Where in a name a word stands, each with a capital letter and without."""
_MIN_LETTERS: Final = 3


class Swapping:
    """Draws, for a word of a name, one that stands in the same place of some other name."""

    def __init__(self, data: Encoded) -> None:
        self._kinds = _kinds(data)
        self._types = [data.types[self._kinds == kind].astype(np.int64) for kind in range(_KINDS)]

    def swapped(self, places: Integers, types: Integers, share: float, chance: np.random.Generator) -> Integers:
        """The words at `places` of the data, that share of the names' words exchanged.

        `places` may hold -1, for none.
        """
        drawn = chance.random(len(places)) < share
        kinds = np.where(places >= 0, self._kinds[places], -1)
        result = types.copy()
        for kind, choices in enumerate(self._types):
            here = np.flatnonzero(drawn & (kinds == kind))
            if len(here) and len(choices):
                result[here] = choices[chance.integers(len(choices), size=len(here))]
        return result


def _kinds(data: Encoded) -> npt.NDArray[np.int8]:
    """For each word of the data its kind, or -1 where it is not to be exchanged."""
    swappable = np.array([len(word) >= _MIN_LETTERS and word.isalpha() for word in data.words], dtype=bool)
    capital = np.array([word[:1].isupper() and word[1:].islower() for word in data.words], dtype=bool)
    lower = np.array([word.islower() for word in data.words], dtype=bool)
    person = data.classes == _PERSON
    edges = np.zeros(len(person) + 1, dtype=bool)
    edges[data.starts] = True
    before = np.concatenate(([False], person[:-1])) & ~edges[:-1]
    after = np.concatenate((person[1:], [False])) & ~edges[1:]
    place = np.where(before, np.where(after, _INNER, _LAST), np.where(after, _FIRST, _ALONE))
    fit = person & swappable[data.types] & (capital | lower)[data.types]
    return np.where(fit, place * 2 + lower[data.types], -1).astype(np.int8)
