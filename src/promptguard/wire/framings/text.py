"""A body that is plain text."""

from __future__ import annotations

from dataclasses import dataclass

from promptguard.wire.framings.interface import Frame, FrameDecoder, Framing


class PlainText(Framing):
    """Pieces of one text, in whatever way they come."""

    id = "text"
    running_text = True

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return _Decoder()


@dataclass(frozen=True, slots=True)
class _Piece(Frame):
    def with_payload(self, payload: bytes) -> bytes:
        return payload


class _Decoder(FrameDecoder):
    def feed(self, data: bytes) -> list[Frame]:
        return [_Piece(data, data)] if data else []

    def finish(self) -> list[Frame]:
        return []
