"""Few things at first, then ever more together: what is written begins at once, and takes few steps all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

FIRST: Final = 25


def growing[Thing](things: Iterable[Thing], most: int) -> Iterator[tuple[Thing, ...]]:
    """All things in their order, `FIRST` of them together, then twice as many, and so on, at most `most`."""
    rest, size = iter(things), min(FIRST, most)
    while several := tuple(islice(rest, size)):
        yield several
        size = min(2 * size, most)
