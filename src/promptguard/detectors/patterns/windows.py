"""Which pieces of a text a recognizer has to see to find in them what it would find in the whole text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

WHOLE = 1024
"""Texts up to this many characters are not cut."""

MARGIN = 64
"""Characters around a hit: room for look-around, and for a place to cut at."""

MAX_LENGTH = 4096
"""Windows are not joined beyond this many characters: recognizers get slower with length faster than linearly."""

_SPACE = regex.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a text, and the part of it in which matches are looked for."""

    start: int
    end: int
    core_start: int
    core_end: int


def windows(text: str, hits: Sequence[tuple[int, int]]) -> list[Window]:
    """The windows of `text` for hits that are given as (start, end) and may lie partly outside of the text.

    Every hit lies within one window as a whole. Windows are cut at white space where there is any near, because there
    `\\b` and the like say the same as in the whole text.
    """
    length = len(text)
    if not hits:
        return []
    if length <= WHOLE:
        return [Window(0, length, 0, length)]
    cores: list[list[int]] = []
    for hit_start, hit_end in sorted(hits):
        start, end = max(hit_start, 0), min(hit_end, length)
        # Hits whose windows would overlap share one.
        near = cores and start <= cores[-1][1] + 2 * MARGIN
        if near and (end <= cores[-1][1] or end - cores[-1][0] <= MAX_LENGTH):
            cores[-1][1] = max(cores[-1][1], end)
        else:
            cores.append([start, end])
    return [Window(_cut_before(text, start), _cut_after(text, end), start, end) for start, end in cores]


def pieces(text: str, overlap: int) -> list[Window]:
    """Windows that cover all of `text`, for recognizers of which nothing is known but that they look at text."""
    step = MAX_LENGTH - overlap
    return windows(text, [(start, start + MAX_LENGTH) for start in range(0, max(len(text), 1), step)])


def _cut_before(text: str, position: int) -> int:
    """Where a window starts whose core starts at `position`."""
    latest = position - MARGIN
    if latest <= MARGIN:
        return 0
    newline = text.rfind("\n", latest - MARGIN, latest)
    if newline >= 0:
        return newline + 1
    space = _SPACE.search(text, latest - MARGIN, latest)
    return int(space.start()) if space else latest


def _cut_after(text: str, position: int) -> int:
    """Where a window ends whose core ends at `position`."""
    earliest = position + MARGIN
    if earliest + MARGIN >= len(text):
        return len(text)
    newline = text.find("\n", earliest, earliest + MARGIN)
    if newline >= 0:
        return newline
    space = _SPACE.search(text, earliest, earliest + MARGIN)
    return int(space.end()) if space else earliest
