"""Amazon's event streams (docs.aws.amazon.com/transcribe/latest/dg/event-stream.html), as Bedrock and Amazon Q answer.

A message is two lengths, their checksum, headers, the payload, and the checksum of all; numbers are big-endian.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from promptguard.wire.framings.interface import MAX_MESSAGE, BufferedDecoder, Frame, FrameDecoder, Framing

_PRELUDE: Final = 12
"""Bytes of both lengths and their checksum."""

_CHECKSUM: Final = 4

_VALUE_SIZES: Final = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Bytes of a header's value by its type; of types 6 and 7 (bytes, string) the value tells."""

_STRING: Final = 7


class AwsEventStream(Framing):
    """Messages with headers; the family is the type of the event."""

    id = "aws_eventstream"
    media_types = frozenset({"application/vnd.amazon.eventstream"})
    binary = True

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return _Decoder()


@dataclass(frozen=True, slots=True)
class _Message(Frame):
    headers: bytes = b""

    def with_payload(self, payload: bytes) -> bytes:
        return message(self.headers, payload)


def message(headers: bytes, payload: bytes) -> bytes:
    """A message with headers that are encoded already."""
    size = _PRELUDE + len(headers) + len(payload) + _CHECKSUM
    lengths = size.to_bytes(4) + len(headers).to_bytes(4)
    body = lengths + zlib.crc32(lengths).to_bytes(4) + headers + payload
    return body + zlib.crc32(body).to_bytes(4)


class _Decoder(BufferedDecoder):
    def __init__(self) -> None:
        super().__init__()
        self._over = False
        """What comes is no event stream, or too long: nothing more is read."""

    def feed(self, data: bytes) -> list[Frame]:
        self._buffer += data
        frames: list[Frame] = []
        while not self._over and len(self._buffer) >= _PRELUDE:
            size = int.from_bytes(self._buffer[:4])
            if zlib.crc32(self._buffer[:8]) != int.from_bytes(self._buffer[8:_PRELUDE]) or size > MAX_MESSAGE:
                self._over = True
            elif len(self._buffer) < size:
                break
            else:
                frames.append(_frame(self._take(max(size, _PRELUDE))))
        return frames + self._take_all() if self._over else frames

    def finish(self) -> list[Frame]:
        return self._take_all()


def _frame(source: bytes) -> Frame:
    start = _PRELUDE + int.from_bytes(source[4:8])
    end = len(source) - _CHECKSUM
    if start > end or zlib.crc32(source[:end]) != int.from_bytes(source[end:]):
        return Frame(source)
    headers = source[_PRELUDE:start]
    names = dict(_strings(headers))
    family = names.get(":event-type") or names.get(":exception-type") or ""
    return _Message(source, source[start:end], family, headers)


def _strings(headers: bytes) -> Iterator[tuple[str, str]]:
    """Names and values of the headers that hold strings, as far as they can be read."""
    position = 0
    while position < len(headers):
        end = position + 1 + headers[position]
        name, kind = headers[position + 1 : end], headers[end : end + 1]
        if not kind:
            return
        start = end + 1
        size = _VALUE_SIZES.get(kind[0])
        if size is None:
            size = int.from_bytes(headers[start : start + 2])
            start += 2
        if kind[0] == _STRING:
            yield name.decode("utf-8", "replace"), headers[start : start + size].decode("utf-8", "replace")
        position = start + size
