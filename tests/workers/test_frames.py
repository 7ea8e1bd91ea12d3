from __future__ import annotations

import asyncio
import io

import pytest

from promptguard.workers.frames import frame, read_frame, receive_frame

VALUES = ["", "Jäne 😀\n\0", {"ready": True}, {"spans": [[0, 4, "PERSON", 0.5, "r"]]}, "x" * 100_000]


def test_a_blocking_stream_gives_back_what_was_framed() -> None:
    stream = io.BytesIO(b"".join(map(frame, VALUES)))
    assert [read_frame(stream) for _ in VALUES] == VALUES
    assert read_frame(stream) is None


async def test_an_asynchronous_stream_gives_back_what_was_framed() -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(b"".join(map(frame, VALUES)))
    stream.feed_eof()
    assert [await receive_frame(stream) for _ in VALUES] == VALUES
    with pytest.raises(asyncio.IncompleteReadError):
        await receive_frame(stream)
