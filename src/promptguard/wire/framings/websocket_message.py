"""A message of a WebSocket that is one JSON value, or plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from promptguard.wire.framings.interface import BufferedDecoder, Frame, FrameDecoder, Framing


class WebSocketMessage(Framing):
    """The message is the payload."""

    id = "websocket_message"

    def fits(self, first_bytes: bytes) -> bool:
        return False  # only the WebSocket tells where it ends

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return _Decoder()


@dataclass(frozen=True, slots=True)
class _Message(Frame):
    may_be_text: ClassVar[bool] = True

    def with_payload(self, payload: bytes) -> bytes:
        return payload


class _Decoder(BufferedDecoder):
    def feed(self, data: bytes) -> list[Frame]:
        self._buffer += data
        return []

    def finish(self) -> list[Frame]:
        source = self._take(len(self._buffer))
        return [_Message(source, source)] if source else []
