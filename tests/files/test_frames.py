from __future__ import annotations

import asyncio
import io

import orjson
import pytest

from promptguard.files.frames import frame, read_frame, receive


def test_blocking_streams() -> None:
    stream = io.BytesIO(frame({"a": "ü"}) + frame([1]))
    assert [read_frame(stream), read_frame(stream), read_frame(stream)] == [{"a": "ü"}, [1], None]


async def test_asynchronous_streams() -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(frame({"a": "ü"}))
    stream.feed_eof()
    assert orjson.loads(await receive(stream)) == {"a": "ü"}
    with pytest.raises(asyncio.IncompleteReadError):
        await receive(stream)
