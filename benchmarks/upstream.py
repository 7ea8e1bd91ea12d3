"""The service behind the proxies in a benchmark: as little work as a TLS server can do, in a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
import ssl
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from promptguard.demo.certificates import CertificateAuthority, CertificateFiles

HOST = "api.openai.com"
PATH = "/v1/chat/completions"

_BODY = (
    b'{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"stand-in","choices":[{"index":0,'
    b'"message":{"role":"assistant","content":"Certainly."},"finish_reason":"stop"}]}'
)
_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
_LENGTH = b"content-length:"


class _Swallow(asyncio.Protocol):
    """Answers every request with the same bytes once its body has arrived."""

    def __init__(self) -> None:
        self._head = b""
        self._missing = 0
        """Bytes of the current request's body that have not arrived."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        while data:
            if self._missing == 0:
                self._head += data
                head, separator, data = self._head.partition(b"\r\n\r\n")
                if not separator:
                    return
                self._head = b""
                self._missing = _content_length(head)
            arrived = min(self._missing, len(data))
            self._missing -= arrived
            data = data[arrived:]
            if self._missing == 0:
                self._transport.write(_ANSWER)


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[: len(_LENGTH)].lower() == _LENGTH:
            return int(line[len(_LENGTH) :])
    return 0


type Serve = Callable[[CertificateFiles, Connection], Awaitable[None]]


async def _serve(files: CertificateFiles, ready: Connection) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.chain, files.key)
    server = await asyncio.get_running_loop().create_server(_Swallow, "127.0.0.1", 0, ssl=context, backlog=512)
    ready.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _main(folder: Path, ready: Connection, serve: Serve) -> None:
    async def run() -> None:
        await serve(CertificateFiles(folder), ready)

    asyncio.run(run())


class Upstream:
    """The server as a context manager."""

    def __init__(self, folder: Path, serve: Serve = _serve) -> None:
        """`serve` is a function of a module: it sends its port, and serves until it is ended."""
        self.certificates = CertificateAuthority().write(folder, [HOST])
        self.port = 0
        receiving, sending = multiprocessing.Pipe(duplex=False)
        self._ready = receiving
        self._process = multiprocessing.get_context("spawn").Process(
            target=_main, args=(folder, sending, serve), daemon=True
        )

    @property
    def address(self) -> str:
        """Where the server listens, as `HOST:PORT`."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._process.start()
        if not self._ready.poll(30):
            raise RuntimeError("the upstream server did not start")
        self.port = self._ready.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()
