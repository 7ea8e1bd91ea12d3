"""Where any of some words stand in a text: many fast searches for one word each, rather than one slow for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def words_of(text: str) -> tuple[str, ...]:
    """The words of a list that is written with spaces."""
    return tuple(text.split())


def word_set(text: str) -> frozenset[str]:
    """The same as a set."""
    return frozenset(text.split())


def lowered(text: str) -> str:
    """`text` in lower case, of the same length: of a few characters the lower case is longer, and these stay."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def occurrences(text: str, stems: Sequence[str]) -> list[tuple[int, int]]:
    """The spans in which stems stand in `text`, in its order; they may overlap."""
    found = []
    for stem in stems:
        at = text.find(stem)
        while at >= 0:
            found.append((at, at + len(stem)))
            at = text.find(stem, at + len(stem))
    found.sort()
    return found


def regions(spans: Iterable[tuple[int, int]], before: int, after: int) -> list[tuple[int, int]]:
    """The spans, each longer by `before` and `after`; those that touch are one. Starts are not below 0."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        start, end = max(0, start - before), end + after
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
