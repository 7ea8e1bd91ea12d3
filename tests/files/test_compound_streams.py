"""The streams of compound files."""

from __future__ import annotations

import pytest

from promptguard.files.compound_streams import CompoundStreams
from promptguard.files.extraction import Extraction
from samples.compound import compound

STREAMS = {"A": b"short", "Folder/B": b"x" * 5_000}


@pytest.fixture
def streams() -> CompoundStreams:
    return CompoundStreams(compound(STREAMS), Extraction(1_000))


def test_streams_by_their_paths(streams: CompoundStreams) -> None:
    assert {path: streams.read(path) for path in streams} == STREAMS
    assert "Folder/B" in streams
    assert "B" not in streams
    assert streams.read("B") == b""
