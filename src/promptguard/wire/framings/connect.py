"""Connect's streaming protocol (connectrpc.com/docs/protocol): messages in envelopes, the last one says how it went."""

from __future__ import annotations

from promptguard.wire.framings.envelope import EnvelopeDecoder
from promptguard.wire.framings.interface import FrameDecoder, Framing

END_STREAM = 0x02


class Connect(Framing):
    """JSON messages, as Kimi sends them, or protobuf. Compressed ones are so as `connect-content-encoding` says."""

    id = "connect"
    media_types = frozenset({"application/connect+json", "application/connect+proto"})
    binary = True

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return EnvelopeDecoder(message_encoding, end_message=END_STREAM)
