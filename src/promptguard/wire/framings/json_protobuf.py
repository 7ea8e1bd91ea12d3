"""Google's arrays by position, `application/json+protobuf`: messages stand in an array within the outermost one."""

from __future__ import annotations

from promptguard.wire.framings.interface import FrameDecoder, Framing
from promptguard.wire.framings.json_array import ArrayDecoder


class JsonProtobuf(Framing):
    """The arrays that an answer streams, each as soon as it is complete."""

    id = "json_protobuf"
    media_types = frozenset({"application/json+protobuf", "application/x-json+protobuf"})

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return ArrayDecoder(levels=2)
