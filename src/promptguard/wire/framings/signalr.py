"""SignalR's JSON hub protocol (github.com/dotnet/aspnetcore, HubProtocol.md): records that end with U+001E."""

from __future__ import annotations

from typing import Final

from promptguard.wire.framings.interface import MAX_MESSAGE, BufferedDecoder, Frame, FrameDecoder, Framing
from promptguard.wire.framings.socket_io import PACKET, Packet

RECORD_END: Final = b"\x1e"


class SignalR(Framing):
    """A message a record. Digits before its JSON, as where Socket.IO is polled, are the family."""

    id = "signalr"
    several = True

    def fits(self, first_bytes: bytes) -> bool:
        return RECORD_END in first_bytes

    def fits_message(self, content: bytes) -> bool:
        return content.endswith(RECORD_END)

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return _Decoder()


class _Decoder(BufferedDecoder):
    def __init__(self) -> None:
        super().__init__()
        self._oversize = False
        """Within a record that is too long to be kept."""

    def feed(self, data: bytes) -> list[Frame]:
        self._buffer += data
        frames: list[Frame] = []
        while (end := self._buffer.find(RECORD_END, self._searched)) >= 0:
            frames.append(self._record(self._take(end + 1), RECORD_END))
            self._oversize = False
        self._searched = len(self._buffer)
        if len(self._buffer) > MAX_MESSAGE:
            self._oversize = True
            frames += self._take_all()
        return frames

    def finish(self) -> list[Frame]:
        return [self._record(self._take(len(self._buffer)), b"")] if self._buffer else []

    def _record(self, source: bytes, end: bytes) -> Frame:
        payload = source[: len(source) - len(end)]
        if self._oversize or not payload.strip():
            return Frame(source)
        packet = PACKET.fullmatch(payload)
        if packet is None:
            return Packet(source, payload, "", b"", end)
        return Packet(source, packet["payload"], packet["prefix"].decode("ascii"), packet["prefix"], end)
