"""Frames of Meta's gateway for WebSockets, as meta.ai sends them: six bytes, two more in data, and JSON.

Not documented by Meta: from one public client. The head is the kind of frame, a stream and a length in 24 bits, the
lowest byte first; which of the two stands first is told by the lengths, which have to lead to the end of the message.
Data of requests are `{"req-id": …, "payload": …}`, with a message of protocol buffers in base64: that is the payload.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from promptguard.wire.framings.interface import BufferedDecoder, Frame, FrameDecoder, Framing
from promptguard.wire.protobuf import NotProtobuf, fields

DATA: Final = 0x0D
KINDS: Final = range(0x01, 0x20)
"""Kinds of frames: those known are 0x0f, which opens a stream, and 0x0d."""

_HEAD: Final = 6
_SEQUENCE: Final = 2
"""Bytes before what is said in data: a number, and a flag that asks for a receipt."""

_MAX_RECEIPT: Final = 4
"""Bytes of a receipt or sign of life: numbers, and no text."""

_LENGTH_AT: Final = (3, 1)
"""Where in the head the length may stand."""

_REQUEST: Final = re.compile(
    rb'(\s*\{\s*"req-id"\s*:\s*"[\w-]{1,64}"\s*,\s*"payload"\s*:\s*")([A-Za-z0-9+/=]+)("\s*\}\s*)'
)


class DataGateway(Framing):
    """Frames in a binary message of a WebSocket."""

    id = "data_gateway"
    binary = True
    several = True

    def fits(self, first_bytes: bytes) -> bool:
        return False  # only the WebSocket tells where it ends

    def fits_message(self, content: bytes) -> bool:
        return bool(content) and content[0] in KINDS and _cut(content) is not None

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return _Decoder()


@dataclass(frozen=True, slots=True)
class _GatewayFrame(Frame):
    head: bytes = b""
    """All before the payload that is not measured by the length."""
    length_at: int = 3
    before: bytes = b""
    """What is said before the payload, and after it."""
    after: bytes = b""
    encoded: bool = False
    """The payload stands there in base64."""

    may_be_protobuf: ClassVar[bool] = True

    def with_payload(self, payload: bytes) -> bytes:
        content = self.before + (base64.b64encode(payload) if self.encoded else payload) + self.after
        length = len(content).to_bytes(3, "little")
        return self.head[: self.length_at] + length + self.head[self.length_at + 3 :] + content


class _Decoder(BufferedDecoder):
    def feed(self, data: bytes) -> list[Frame]:
        self._buffer += data
        return []

    def finish(self) -> list[Frame]:
        source = self._take(len(self._buffer))
        return list(_cut(source) or ([Frame(source)] if source else []))


def _cut(message: bytes) -> Sequence[Frame] | None:
    """The frames of a message; None where it has no such ones."""
    for length_at in _LENGTH_AT:
        position, frames = 0, []
        while len(message) - position >= _HEAD and message[position] in KINDS:
            length = int.from_bytes(message[position + length_at : position + length_at + 3], "little")
            end = position + _HEAD + length
            if end > len(message):
                break
            frames.append(_frame(message[position:end], length_at))
            position = end
        if frames and position == len(message):
            return frames
    return None


def _frame(source: bytes, length_at: int) -> Frame:
    head, content = source[:_HEAD], source[_HEAD:]
    if head[0] != DATA and len(content) <= _MAX_RECEIPT:
        return Frame(source, b"")
    before = content[:_SEQUENCE] if head[0] == DATA else b""
    content = content[len(before) :]
    asked = _REQUEST.fullmatch(content)
    if asked is not None and (inner := _message(asked[2])) is not None:
        return _GatewayFrame(source, inner, "", head, length_at, before + asked[1], asked[3], True)
    return _GatewayFrame(source, content, "", head, length_at, before)


def _message(encoded: bytes) -> bytes | None:
    """The message of protocol buffers in base64; None where it is none, or would be written in another way."""
    try:
        data = base64.b64decode(encoded, validate=True)
        fields(data)
    except (ValueError, NotProtobuf):
        return None
    return data if base64.b64encode(data) == encoded else None
