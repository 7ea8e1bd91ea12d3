"""A body that is one message of protocol buffers, as the calls of Connect have it that are no streams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from promptguard.wire.framings.interface import MAX_MESSAGE, BufferedDecoder, Frame, FrameDecoder, Framing

PROTOBUF_TYPES: Final = frozenset(
    {"application/x-protobuf", "application/protobuf", "application/proto", "application/vnd.google.protobuf"}
    | {"application/x-google-protobuf"}
)
"""Media types of one message (Connect's calls without a stream have `proto`)."""


class ProtobufBody(Framing):
    """One message, collected as a whole: nothing of it can be shown before its end."""

    id = "protobuf"
    media_types = PROTOBUF_TYPES
    binary = True

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return _Decoder()


@dataclass(frozen=True, slots=True)
class _WholeMessage(Frame):
    whole: ClassVar[bool] = True
    may_be_protobuf: ClassVar[bool] = True

    def with_payload(self, payload: bytes) -> bytes:
        return payload


class _Decoder(BufferedDecoder):
    def __init__(self) -> None:
        super().__init__()
        self._over = False
        """The body is too long to be collected."""

    def feed(self, data: bytes) -> list[Frame]:
        self._buffer += data
        self._over = self._over or len(self._buffer) > MAX_MESSAGE
        return self._take_all() if self._over else []

    def finish(self) -> list[Frame]:
        source = self._take(len(self._buffer))
        return [_WholeMessage(source, source)] if source else []
