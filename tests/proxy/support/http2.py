"""An HTTP/2 client on a tunnel through the proxy, that can leave requests open."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events


@dataclass
class Answered:
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    trailers: dict[str, str] = field(default_factory=dict)
    ended: bool = False


class Http2Client:
    """One connection. Feed it requests, and read until an answer has ended."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer, self._host = reader, writer, host
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self._h2.initiate_connection()
        self.answers: dict[int, Answered] = {}

    def send(
        self, path: str, body: bytes, headers: Mapping[str, str], *, end: bool = True, method: str = "POST"
    ) -> int:
        """Send a request, and end it or leave it open; returns its stream."""
        stream = self._h2.get_next_available_stream_id()
        pseudo = {":method": method, ":scheme": "https", ":authority": self._host, ":path": path}
        self._h2.send_headers(stream, [*pseudo.items(), *headers.items()])
        self._h2.send_data(stream, body, end_stream=end)
        self.answers[stream] = Answered()
        self._writer.write(self._h2.data_to_send())
        return stream

    async def until_ended(self, *streams: int) -> list[Answered]:
        """The answers on these streams, as soon as all of them have ended."""
        while not all(self.answers[stream].ended for stream in streams):
            await self._receive()
        return [self.answers[stream] for stream in streams]

    async def until_said(self, stream: int, end: bytes) -> bytes:
        """What an answer that goes on has said, as soon as that ends so."""
        while not self.answers[stream].body.endswith(end):
            await self._receive()
        return self.answers[stream].body

    async def _receive(self) -> None:
        data = await self._reader.read(65536)
        assert data, "the proxy has closed the connection"
        for event in self._h2.receive_data(data):
            self._take(event)
        self._writer.write(self._h2.data_to_send())

    def _take(self, event: Any) -> None:
        answer = self.answers.get(getattr(event, "stream_id", 0) or 0)
        if answer is None:
            return
        if isinstance(event, h2.events.ResponseReceived):
            answer.headers = dict(event.headers)
        elif isinstance(event, h2.events.DataReceived):
            answer.body += event.data
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.TrailersReceived):
            answer.trailers = dict(event.headers)
        elif isinstance(event, h2.events.StreamEnded | h2.events.StreamReset):
            answer.ended = True


@asynccontextmanager
async def http2(port: int, authority: Path, host: str) -> AsyncIterator[Http2Client]:
    """An HTTP/2 connection to `host` through the proxy at `port`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"CONNECT {host}:443 HTTP/1.1\r\nhost: {host}:443\r\n\r\n".encode())
    assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
    context = ssl.create_default_context(cafile=str(authority))
    context.set_alpn_protocols(["h2"])
    await writer.start_tls(context, server_hostname=host)
    yield Http2Client(reader, writer, host)
    writer.close()
