"""What a worker is asked: one text, in whole or a chunk of one, and by which way it goes to a worker."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple


class Asked(NamedTuple):
    """One text that a worker is to look at. Written to it as a list of these three."""

    text: str
    """Without surrogates, which JSON does not take."""
    whole: bool = False
    """Whether it is a whole text, to be cut up and searched by rules as well; else a chunk, for the model alone."""
    seldom_prose: bool = False
    """Of a whole text: whether it is seldom prose; see `pieces`."""


class Lane(IntEnum):
    """Each worker works in two lanes at a time, so that a short text does not wait until a long one is done."""

    SHORT = 0
    LONG = 1


LONG_FROM: Final = 16_000
"""Characters of a long text: some 30 ms of work, which is how long a short one may have to wait for another."""


def lane_of(asked: Asked) -> Lane:
    """The lane in which a text is looked at."""
    return Lane.LONG if len(asked.text) >= LONG_FROM else Lane.SHORT
