"""A service that keeps every byte that reaches it, under any name, and answers what a test has written."""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from harness.websocket import MessageReader, frame

from promptguard.demo.certificates import CertificateAuthority

type Answer = Callable[[Heard], bytes | Iterable[bytes]]
"""In pieces, it may have no end; EOFError from them ends the connection."""

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
_WEBSOCKET_KEY = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it stood on the wire."""

    name: str
    """The name in the client hello."""
    head: bytes
    body: bytes
    """With its chunks, if it had any."""

    @property
    def whole(self) -> bytes:
        """Every byte of it."""
        return self.head + self.body


@dataclass
class Upstream:
    """A TLS server on loopback; a context manager. `answer` may be replaced by a test."""

    answer: Answer = lambda heard: OK
    requests: list[Heard] = field(default_factory=list)
    messages: list[tuple[int, bytes]] = field(default_factory=list)
    """Opcode and content of WebSocket messages and control frames."""
    wire: bytearray = field(default_factory=bytearray)
    """Every byte of every connection, in the order of arrival."""
    names: list[str] = field(default_factory=list)
    generation: int = 0
    """Which test it is: what comes late on a connection of an earlier one is not of this one."""
    reply: bytes | None = None
    """What to send back for each WebSocket message."""

    def __post_init__(self) -> None:
        self._authority = CertificateAuthority("Authority of the attacked")
        self._folder = tempfile.TemporaryDirectory(prefix="attack-upstream-")
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._server.getsockname()[1]
        self.authority = Path(self._folder.name) / "authority.pem"
        self.authority.write_bytes(self._authority.certificate)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self.generation += 1
            self.answer, self.reply = (lambda heard: OK), None
            self.requests, self.messages, self.names, self.wire = [], [], [], bytearray()

    def everything(self) -> bytes:
        """All that arrived since `forget`, the contents of masked frames included."""
        with self._lock:
            return bytes(self.wire) + b"\n" + b"\n".join(content for _, content in self.messages)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        self._folder.cleanup()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        names: list[str] = []

        def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
            names.append(name or "")
            connection.context = self._context(name or "localhost")

        try:
            context = self._context("localhost", fresh=True)
            context.sni_callback = choose
            with context.wrap_socket(plain, server_side=True) as secured:
                with self._lock:
                    self.names.append(names[-1] if names else "")
                Connection(self, secured, names[-1] if names else "").serve()
        except (OSError, ValueError, EOFError):
            plain.close()

    def _context(self, name: str, *, fresh: bool = False) -> ssl.SSLContext:
        with self._lock:
            if fresh or name not in self._contexts:
                chain, key = self._authority.issue([name])
                file = Path(self._folder.name) / hashlib.sha256(name.encode()).hexdigest()[:16]
                file.write_bytes(key + chain)
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.load_cert_chain(file)
                if fresh:
                    return context
                self._contexts[name] = context
            return self._contexts[name]


class Connection:
    """One client of the service."""

    def __init__(self, upstream: Upstream, stream: Any, name: str) -> None:
        self._upstream, self._stream, self._name = upstream, stream, name
        self._generation = upstream.generation
        self._buffer = b""

    def serve(self) -> None:
        """Answer until the client goes."""
        while True:
            head = self._until(b"\r\n\r\n")
            body = self._body(head)
            heard = Heard(self._name, head, body)
            self._upstream.requests.append(heard)
            if re.search(rb"(?i)\r\nupgrade: *websocket", head):
                self._websocket(head)
                return
            answer = self._upstream.answer(heard)
            for piece in (answer,) if isinstance(answer, bytes) else answer:
                self._stream.sendall(piece)

    def _websocket(self, head: bytes) -> None:
        key = re.search(rb"(?i)\r\nsec-websocket-key: *(\S+)", head)
        accepted = base64.b64encode(hashlib.sha1((key[1] if key else b"") + _WEBSOCKET_KEY).digest())  # noqa: S324
        deflate = b"permessage-deflate" in head
        extension = b"sec-websocket-extensions: permessage-deflate\r\n" if deflate else b""
        self._stream.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
            + extension
            + b"sec-websocket-accept: "
            + accepted
            + b"\r\n\r\n"
        )
        reader = MessageReader()
        reader.feed(self._buffer)
        while True:
            for opcode, content in reader.messages():
                if self._generation == self._upstream.generation:
                    self._upstream.messages.append((opcode, content))
                if self._upstream.reply is not None and opcode in (1, 2):
                    self._stream.sendall(frame(self._upstream.reply, mask=False))
            reader.feed(self._more())

    def _more(self) -> bytes:
        data: bytes = self._stream.recv(65536)
        if not data:
            raise EOFError
        with self._upstream._lock:
            if self._generation == self._upstream.generation:
                self._upstream.wire += data
        return data

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            self._buffer += self._more()
        taken, _, self._buffer = self._buffer.partition(mark)
        return taken + mark

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._buffer += self._more()
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _body(self, head: bytes) -> bytes:
        if re.search(rb"(?i)\r\ntransfer-encoding:.*chunked", head):
            return self._chunks()
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        return self._exactly(int(length[1])) if length else b""

    def _chunks(self) -> bytes:
        body = b""
        while True:
            line = self._until(b"\r\n")
            body += line
            size = int(line.partition(b";")[0], 16)
            if size:
                body += self._exactly(size + 2)
                continue
            while (trailer := self._until(b"\r\n")) != b"\r\n":
                body += trailer
            return body + trailer
