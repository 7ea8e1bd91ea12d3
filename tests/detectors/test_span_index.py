"""Spans asked for by place."""

from __future__ import annotations

import pytest

from promptguard.detectors.span_index import SpanIndex
from promptguard.model import Recalled

SPANS = [Recalled(0, 5, 9, "b"), Recalled(0, 0, 3, "a"), Recalled(2, 4, 6, "c")]


@pytest.mark.parametrize(
    ("segment", "start", "end", "found"),
    [
        (0, 0, 1, "a"),
        (0, 2, 6, "ab"),
        (0, 3, 5, ""),
        (0, 8, 20, "b"),
        (0, 9, 20, ""),
        (0, 0, 100, "ab"),
        (1, 0, 100, ""),
        (2, 6, 9, ""),
        (2, 5, 6, "c"),
    ],
)
def test_touching(segment: int, start: int, end: int, found: str) -> None:
    index = SpanIndex(SPANS)
    assert "".join(span.placeholder for span in index.touching(Recalled(segment, start, end, ""))) == found
