from __future__ import annotations

import pytest

from promptguard.detectors.names.spans import LOCATION, PERSON, Span, merge


def span(start: int, end: int, entity_type: str = PERSON, score: float = 0.5, recognizer: str = "a") -> Span:
    return Span(start, end, entity_type, score, recognizer)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([span(5, 9), span(0, 4)], [span(0, 4), span(5, 9)]),
        ([span(0, 4), span(4, 9)], [span(0, 4), span(4, 9)]),
        ([span(0, 6), span(4, 9, score=0.8, recognizer="b")], [span(0, 9, score=0.8, recognizer="b")]),
        ([span(0, 4), span(0, 20, LOCATION, 0.4)], [span(0, 20, LOCATION, 0.4)]),
        ([span(0, 4, score=0.9), span(0, 4, LOCATION, 0.4)], [span(0, 4, score=0.9)]),
        ([span(0, 4), span(3, 8, LOCATION), span(7, 9, LOCATION)], [span(3, 9, LOCATION)]),
    ],
)
def test_merge(spans: list[Span], expected: list[Span]) -> None:
    assert merge(spans) == expected
