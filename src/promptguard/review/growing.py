"""Few things at first, then ever more together: what is written begins at once, and takes few steps all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

FIRST: Final = 25


def sizes(most: int) -> Iterator[int]:
    """How many come together, without an end: `FIRST`, then twice as many, and so on, at most `most`."""
    size = min(FIRST, most)
    while True:
        yield size
        size = min(2 * size, most)


def growing[Thing](things: Iterable[Thing], most: int) -> Iterator[tuple[Thing, ...]]:
    """All things in their order, as many of them together as `sizes` says."""
    rest = iter(things)
    for size in sizes(most):
        several = tuple(islice(rest, size))
        if not several:
            return
        yield several
