"""How the proxy and a names worker talk: frames of JSON over the worker's standard input and output.

A frame is its length as four bytes, big-endian, and as many bytes of JSON. The worker's first frame is
`{"ready": true}` or `{"unusable": reason}`. Then each text, a JSON string, is answered in order by
`{"spans": [[start, end, type, score, recognizer], …]}` or `{"error": name of the exception's class}`.
"""

from __future__ import annotations

import asyncio
from typing import IO, Any

import orjson

_LENGTH = 4


def frame(value: object) -> bytes:
    """`value` as a frame."""
    content = orjson.dumps(value)
    return len(content).to_bytes(_LENGTH, "big") + content


def read_frame(stream: IO[bytes]) -> Any:
    """The next value from a blocking stream; None at its end."""
    header = stream.read(_LENGTH)
    if len(header) < _LENGTH:
        return None
    return orjson.loads(stream.read(int.from_bytes(header, "big")))


async def receive_frame(stream: asyncio.StreamReader) -> Any:
    """The next value from an asynchronous stream.

    Raises:
        asyncio.IncompleteReadError: the stream ended.
    """
    length = int.from_bytes(await stream.readexactly(_LENGTH), "big")
    return orjson.loads(await stream.readexactly(length))
