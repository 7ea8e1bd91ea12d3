from __future__ import annotations

import io

import pytest

from promptguard.detectors.names.asked import LONG_FROM, Asked, Lane, lane_of
from promptguard.workers.frames import frame, read_frame


@pytest.mark.parametrize(
    ("text", "lane"),
    [
        ("", Lane.SHORT),
        ("x" * (LONG_FROM - 1), Lane.SHORT),
        ("x" * LONG_FROM, Lane.LONG),
        ("😀" * LONG_FROM, Lane.LONG),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_long_texts_have_a_lane_of_their_own(text: str, lane: Lane, whole: bool) -> None:
    assert lane_of(Asked(text, whole)) is lane


@pytest.mark.parametrize("asked", [Asked("a chunk"), Asked("😀\n", True), Asked("", True, True)])
def test_a_worker_reads_what_it_was_asked(asked: Asked) -> None:
    """As a list of its members, in a frame."""
    assert Asked(*read_frame(io.BytesIO(frame(tuple(asked))))) == asked
