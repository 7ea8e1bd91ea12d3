"""Services that say on each connection exactly the bytes that a test has written down."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from promptguard.demo.certificates import CertificateAuthority, CertificateFiles


@dataclass
class Scripted:
    """Answers each request with the next answer, on whichever connection it comes."""

    answers: list[bytes]
    greeting: bytes = b""
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(self.greeting)
        try:
            while self.answers:
                self.heard.append(await self._request(reader))
                writer.write(self.answers.pop(0))
                await writer.drain()
            await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> bytes:
        if self.greeting:
            return await reader.readuntil(b"\n")
        head = await reader.readuntil(b"\r\n\r\n")
        lowered = head.lower()
        if b"transfer-encoding: chunked" in lowered:
            return head + await self._chunked(reader)
        if b"content-length: " in lowered:
            return head + await reader.readexactly(int(lowered.split(b"content-length: ")[1].split()[0]))
        return head

    async def _chunked(self, reader: asyncio.StreamReader) -> bytes:
        body = b""
        while True:
            line = await reader.readuntil(b"\r\n")
            body += line
            if int(line, 16):
                body += await reader.readexactly(int(line, 16) + 2)
            else:
                while (line := await reader.readuntil(b"\r\n")) != b"\r\n":
                    body += line
                return body + line


@asynccontextmanager
async def listening(serve: Callable[..., object]) -> AsyncIterator[int]:
    """A server on a free port of loopback."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)  # type: ignore[arg-type]
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def listening_with_tls(
    serve: Callable[..., object], host: str = "api.openai.com"
) -> AsyncIterator[tuple[int, Path]]:
    """The same with a certificate for a host, and no HTTP/2; gives its port and its authority."""
    with tempfile.TemporaryDirectory() as folder:
        CertificateAuthority().write(Path(folder), [host])
        files = CertificateFiles(Path(folder))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(files.chain, files.key)
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)  # type: ignore[arg-type]
        try:
            yield server.sockets[0].getsockname()[1], files.authority
        finally:
            server.close()


async def read_answer(reader: asyncio.StreamReader, *, to: str = "GET") -> tuple[bytes, bytes]:
    """One HTTP/1.1 answer: head, and body as it stood on the wire."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, lowered = int(head.split()[1]), head.lower()
    if to == "HEAD" or status in (204, 304):
        return head, b""
    if b"transfer-encoding: chunked" in lowered:
        return head, await Scripted([])._chunked(reader)
    if b"content-length: " in lowered:
        return head, await reader.readexactly(int(lowered.split(b"content-length: ")[1].split()[0]))
    return head, await reader.read()
