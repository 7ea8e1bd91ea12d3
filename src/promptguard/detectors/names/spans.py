"""What the models of the names detector say: spans, and the error of a model that cannot be used."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from promptguard.errors import PromptGuardError

PERSON = "PERSON"
LOCATION = "LOCATION"


class ModelUnusable(PromptGuardError):
    """A model's files are missing or are not the expected ones. The message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Span:
    """A name or an address in a text, in Presidio's words."""

    start: int
    end: int
    entity_type: str
    """`PERSON` or `LOCATION`."""
    score: float
    """0 to 1."""
    recognizer: str


def beside(places: Iterable[Span], names: Sequence[Span]) -> Iterator[Span]:
    """What of spans of places lies beside names, which are in order and do not overlap."""
    for place in places:
        start = place.start
        first = bisect_right(names, start, key=lambda name: name.end)
        for name in names[first:]:
            if name.start >= place.end:
                break
            if name.start > start:
                yield replace(place, start=start, end=name.start)
            start = name.end
        if start < place.end:
            yield replace(place, start=start)


def merge(spans: Iterable[Span]) -> list[Span]:
    """Spans without overlaps, in order: of one type they are united, of two types the longer one stays."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end, -span.score)):
        while result and span.start < result[-1].end:
            last = result.pop()
            if last.entity_type == span.entity_type:
                surer = max(last, span, key=lambda candidate: candidate.score)
                span = Span(last.start, max(last.end, span.end), span.entity_type, surer.score, surer.recognizer)
            else:
                span = max(last, span, key=lambda candidate: (candidate.end - candidate.start, candidate.score))
        result.append(span)
    return result
