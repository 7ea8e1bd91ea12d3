"""gRPC over HTTP/2 and gRPC-Web (github.com/grpc/grpc, PROTOCOL-HTTP2.md, PROTOCOL-WEB.md): messages in envelopes."""

from __future__ import annotations

from promptguard.wire.framings.envelope import EnvelopeDecoder
from promptguard.wire.framings.interface import FrameDecoder, Framing

TRAILERS = 0x80
"""Flag of what gRPC-Web sends in place of HTTP trailers: header fields."""


class Grpc(Framing):
    """Messages in JSON or protobuf. Compressed ones are so as `grpc-encoding` says."""

    id = "grpc"
    media_types = frozenset(f"application/grpc{web}{kind}" for web in ("", "-web") for kind in ("", "+proto", "+json"))
    binary = True

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return EnvelopeDecoder(message_encoding, end_fields=TRAILERS)
