"""Spans of texts that do not overlap, asked for by place: in time that does not grow with how many there are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Protocol


class Span(Protocol):
    """A part of a segment."""

    @property
    def segment(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class SpanIndex[S: Span]:
    """Spans by segment and place. Of several that overlap, only those that begin next to each other may be found."""

    def __init__(self, spans: Iterable[S]) -> None:
        by_segment: dict[int, list[S]] = {}
        for span in spans:
            by_segment.setdefault(span.segment, []).append(span)
        self._spans = {segment: sorted(found, key=lambda each: each.start) for segment, found in by_segment.items()}
        self._starts = {segment: [span.start for span in found] for segment, found in self._spans.items()}

    def touching(self, span: Span) -> Iterator[S]:
        """The spans that share a character with `span`."""
        spans = self._spans.get(span.segment)
        if spans is None:
            return
        index = max(bisect_right(self._starts[span.segment], span.start) - 1, 0)
        while index < len(spans) and spans[index].start < span.end:
            if spans[index].end > span.start:
                yield spans[index]
            index += 1
