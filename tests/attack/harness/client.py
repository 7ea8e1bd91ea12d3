"""Bytes to the proxy as they are written, and what comes back."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECONDS = 25.0
"""How long to wait for an answer before calling it a hang."""

UNFINISHED_SECONDS = 1.5
"""How long to wait where the request may be taken for one that has not ended yet."""
_SILENCE_SECONDS = 0.4
"""Between the answers to several requests."""
_STALL_SECONDS = 3.0
"""After an answer that says no length."""


@dataclass(frozen=True, slots=True)
class Answered:
    """All that came back on one connection."""

    raw: bytes

    @property
    def status(self) -> int:
        """Of the first answer; 0 where the connection was closed without one."""
        found = re.match(rb"HTTP/1\.[01] (\d{3})", self.raw)
        return int(found[1]) if found else 0

    @property
    def body(self) -> bytes:
        """Of the first answer, without its chunks."""
        head, _, rest = self.raw.partition(b"\r\n\r\n")
        return dechunked(rest) if b"transfer-encoding: chunked" in head.lower() else rest

    @property
    def text(self) -> str:
        """The same as text."""
        return self.body.decode("utf-8", "replace")


def dechunked(data: bytes) -> bytes:
    """A chunked body without its chunks' sizes, as far as it goes."""
    whole = b""
    while True:
        line, _, data = data.partition(b"\r\n")
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            return whole
        if not size:
            return whole
        whole += data[:size]
        data = data[size + 2 :]


def complete(raw: bytes) -> bool:
    """Whether these bytes are at least one whole answer."""
    head, found, rest = raw.partition(b"\r\n\r\n")
    if not found:
        return False
    if re.match(rb"HTTP/1\.1 (1\d\d|204|304)", head):
        return True
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        return re.search(rb"(?:^|\r\n)0\r\n(?:[^\r\n]+\r\n)*\r\n$", rest) is not None
    length = re.search(rb"\r\ncontent-length: *(\d+)", lowered)
    return length is not None and len(rest) >= int(length[1])


@dataclass(frozen=True, slots=True)
class Client:
    """Of the proxy at `port`, whose authority it trusts."""

    port: int
    authority: Path

    @contextmanager
    def plain(self) -> Iterator[socket.socket]:
        """A connection to the proxy itself."""
        with socket.create_connection(("127.0.0.1", self.port), SECONDS) as connection:
            yield connection

    @contextmanager
    def tunnel(
        self, target: str, *, name: str | None = None, protocols: Sequence[str] = (), unnamed: bool = False
    ) -> Iterator[ssl.SSLSocket]:
        """TLS through the proxy to `target`, `HOST:PORT`.

        Args:
            name: the name in the client hello, if it is another one.
            unnamed: no name in the client hello at all.

        Raises:
            ConnectionError: the proxy refuses the tunnel, or closes it.
        """
        with self.plain() as plain:
            plain.sendall(f"CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n\r\n".encode("latin-1"))
            answer = _head(plain)
            if b" 200 " not in answer.partition(b"\r\n")[0]:
                raise ConnectionRefusedError(repr(answer[:300]))
            context = ssl.create_default_context(cafile=str(self.authority))
            context.check_hostname = False
            if protocols:
                context.set_alpn_protocols(list(protocols))
            server = None if unnamed else name or target.rpartition(":")[0].strip("[]")
            if server:
                server = server.rstrip(".") if name is None else server
            with context.wrap_socket(plain, server_hostname=server) as secured:
                yield secured

    def exchange(
        self,
        payload: bytes | Sequence[bytes],
        *,
        host: str = "api.openai.com",
        target: str | None = None,
        name: str | None = None,
        answers: int = 1,
        unnamed: bool = False,
        seconds: float = SECONDS,
    ) -> Answered:
        """Send bytes through a tunnel and read what comes back. A refusal of the tunnel is an answer too.

        Args:
            seconds: how long to wait for an answer. Less than `SECONDS` makes none at all an answer as well.

        Raises:
            TimeoutError: there is none after `SECONDS`.
        """
        try:
            with self.tunnel(target or f"{host}:443", name=name, unnamed=unnamed) as connection:
                return talk(connection, payload, answers=answers, seconds=seconds)
        except ConnectionRefusedError as refused:
            return Answered(b"HTTP/1.1 502 tunnel refused\r\n\r\n" + str(refused).encode())
        except TimeoutError:
            if seconds == SECONDS:
                raise
            return Answered(b"")
        except (ConnectionError, ssl.SSLError):
            return Answered(b"")

    def direct(self, payload: bytes, *, answers: int = 1) -> Answered:
        """Send bytes to the proxy itself, as for `http:`."""
        with self.plain() as connection:
            return talk(connection, payload, answers=answers)


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(65536)
        if not data:
            break
        head += data
    return head


def talk(
    connection: socket.socket, payload: bytes | Sequence[bytes], *, answers: int = 1, seconds: float = SECONDS
) -> Answered:
    """Send, in pieces where there are several, and read."""
    pieces = [payload] if isinstance(payload, bytes) else payload
    try:
        for index, piece in enumerate(pieces):
            if index:
                time.sleep(0.05)  # what comes apart must be read apart
            connection.sendall(piece)
    except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
        pass  # refused before all was sent: the answer may be there all the same
    return Answered(read_answer(connection, answers=answers, seconds=seconds))


def read_answer(connection: socket.socket, *, answers: int = 1, seconds: float = SECONDS) -> bytes:
    """What comes until the answer is whole, the connection ends, or nothing more follows.

    Raises:
        TimeoutError: nothing came at all.
    """
    raw = b""
    connection.settimeout(seconds)
    while True:
        try:
            data = connection.recv(65536)
        except TimeoutError:
            if raw:
                return raw
            raise
        except (ConnectionError, ssl.SSLError):
            return raw
        if not data:
            return raw
        raw += data
        if complete(raw):
            if answers == 1:
                return raw
            connection.settimeout(_SILENCE_SECONDS)
        elif b"\r\n\r\n" in raw:
            connection.settimeout(_STALL_SECONDS)
