"""How the proxy and its worker processes talk: frames of JSON over the worker's standard input and output.

A frame is its length as four bytes, big-endian, and as many bytes of JSON. A worker's first frame is `{"ready": true}`,
or for names `{"unusable": reason}`. Then each request is answered, in order (of a lane):

- Names: `[lane, [[text, whole, seldom_prose], …]]` (`detectors/names/asked.py`), in each lane one at a time, by
  `[lane, [answer, …]]`, where an answer is `[[start, end, type, score, recognizer], …]` or the name of an exception's
  class. Where a server runs the model, the numbers of a `ServerReport` follow in the same list.
- Files: a frame `{"name", "media_type", "charset", "size"}` and then `size` bytes of the file, by
  `{"texts": [[label, text], …]}` or `{"problem": reason}`. With `"edits": [[number of a text, [[start, end, text], …]],
  …]` the file is written again instead, and answered by `{"size"}` and then as many bytes, or `{"problem": reason}`.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    import asyncio  # for the proxy: workers do without, and without 3 MB

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
    return orjson.loads(await receive(stream))


async def receive(stream: asyncio.StreamReader) -> bytes:
    """The JSON of the next frame from an asynchronous stream, for those who parse it elsewhere.

    Raises:
        asyncio.IncompleteReadError: the stream ended.
    """
    length = int.from_bytes(await stream.readexactly(_LENGTH), "big")
    return await stream.readexactly(length)
