"""Socket.IO: digits before the JSON say what kind of packet it is (socket.io/docs/v4/socket-io-protocol)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from promptguard.wire.framings.interface import BufferedDecoder, Frame, FrameDecoder, Framing

PACKET: Final = re.compile(rb"(?P<prefix>\d{1,4})(?P<payload>[\[{\"].*)", re.DOTALL)
"""`42["message",{…}]`: Engine.IO's type, Socket.IO's type, and an id where an answer is asked for."""


class SocketIo(Framing):
    """One packet a message; its digits are the family."""

    id = "socket_io"

    def fits(self, first_bytes: bytes) -> bool:
        return PACKET.match(first_bytes) is not None

    def fits_message(self, content: bytes) -> bool:
        return PACKET.match(content) is not None

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return _Decoder()


@dataclass(frozen=True, slots=True)
class Packet(Frame):
    """JSON between a prefix and an end."""

    prefix: bytes = b""
    end: bytes = b""

    def with_payload(self, payload: bytes) -> bytes:
        return self.prefix + payload + self.end


class _Decoder(BufferedDecoder):
    def feed(self, data: bytes) -> list[Frame]:
        self._buffer += data
        return []

    def finish(self) -> list[Frame]:
        source = self._take(len(self._buffer))
        packet = PACKET.fullmatch(source)
        if packet is None:
            return [Frame(source)] if source else []
        return [Packet(source, packet["payload"], packet["prefix"].decode("ascii"), packet["prefix"])]
