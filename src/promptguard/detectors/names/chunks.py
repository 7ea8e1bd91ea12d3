"""Cutting a text into the pieces that are sent to workers, so that an edit changes few of them."""

from __future__ import annotations

import re
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_LENGTH = 500
"""Most characters of a chunk: some 40 ms of work, which is how long another request may have to wait for it."""

_MIN_LENGTH = 200
"""A chunk this long may end at any unit whose content says so."""

_ENDS_HERE = 0b11
"""One unit in four may end a chunk. Where chunks end depends on the text around it, not on its place, so after an edit
the same chunks come out again a few sentences later."""

_HARD_CUT_OVERLAP = 60
"""Characters seen twice where a chunk had to end within a sentence."""

_UNIT = re.compile(r"[^\n.!?]*(?:[.!?](?!\s)[^\n.!?]*)*(?:[.!?]+(?=\s|$)|\n|$)\s*")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A text to be looked at in one go, made of pieces of a segment that need not adjoin there."""

    text: str
    starts: tuple[int, ...]
    """Where each piece starts in `text`."""
    sources: tuple[int, ...]
    """Where each piece starts in the segment."""

    def locate(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The places in the segment of a range of `text`; more than one if something was left out in between."""
        index = bisect_right(self.starts, start) - 1
        while index < len(self.starts) and self.starts[index] < end:
            # Pieces are separated by one line feed that is not in the segment.
            piece_end = self.starts[index + 1] - 1 if index + 1 < len(self.starts) else len(self.text)
            low, high = max(start, self.starts[index]), min(end, piece_end)
            if low < high:
                shift = self.sources[index] - self.starts[index]
                yield low + shift, high + shift
            index += 1


def without_surrogates(text: str) -> str:
    """`text` with lone surrogates, which no encoding takes, replaced one for one."""
    return _SURROGATE.sub("\ufffd", text)


def chunks(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Chunk]:
    """Cut the `spans` of `text` into chunks at ends of lines and sentences."""
    pending: list[tuple[int, int]] = []
    size = 0
    for start, end in (unit for span in spans for unit in _units(text, *span)):
        if pending and size + end - start > MAX_LENGTH:
            yield _chunk(text, pending)
            pending, size = [], 0
        pending.append((start, end))
        size += end - start + 1
        if size >= _MIN_LENGTH and not zlib.crc32(text[start:end].encode()) & _ENDS_HERE:
            yield _chunk(text, pending)
            pending, size = [], 0
    if pending:
        yield _chunk(text, pending)


def _units(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Lines and sentences; longer ones than a chunk are cut between words, with an overlap."""
    while start < end:
        match = _UNIT.match(text, start, min(end, start + MAX_LENGTH))
        stop = match.end() if match and match.end() > start else min(end, start + MAX_LENGTH)
        if stop - start < MAX_LENGTH or stop == end:
            yield start, stop
            start = stop
            continue
        space = text.rfind(" ", start + MAX_LENGTH // 2, stop)
        stop = space if space > 0 else stop
        yield start, stop
        back = text.find(" ", stop - _HARD_CUT_OVERLAP, stop)
        start = back if back > 0 else stop


def _chunk(text: str, units: Sequence[tuple[int, int]]) -> Chunk:
    parts: list[str] = []
    starts: list[int] = []
    sources: list[int] = []
    length = 0
    previous_end = -1
    for start, end in units:
        if start == previous_end:
            parts[-1] += text[start:end]
        else:
            if parts:
                length += 1
            parts.append(text[start:end])
            starts.append(length)
            sources.append(start)
        length += end - start
        previous_end = end
    return Chunk("\n".join(parts), tuple(starts), tuple(sources))
