"""Bytes through the proxy, without any HTTP library's opinion of what may be sent."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path

SECONDS = 30.0
"""How long to wait for an answer before calling it a hang."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    """0 where the connection was closed without an answer."""
    headers: dict[str, str]
    body: bytes
    certificate: bytes = b""
    """What the proxy showed for the service, DER: another process shows another one."""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


def request_bytes(
    body: bytes,
    *,
    host: str = "api.openai.com",
    path: str = "/v1/chat/completions",
    method: str = "POST",
    headers: dict[str, str] | None = None,
) -> bytes:
    """A request with a right `content-length` and JSON's content type, unless `headers` say otherwise."""
    fields = {"host": host, "content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body


@contextmanager
def tunnel(
    port: int, host: str, authority: Path, source: str | None = None, *, proxy: str = "127.0.0.1"
) -> Iterator[ssl.SSLSocket]:
    """A TLS connection to `host` through the proxy at `port`, from one of this machine's addresses."""
    context = ssl.create_default_context(cafile=str(authority))
    own = (source, 0) if source else None
    with socket.create_connection((proxy, port), SECONDS, own) as plain:
        plain.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nhost: {host}:443\r\n\r\n".encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            data = plain.recv(4096)
            if not data:
                raise ConnectionError("the proxy closed the connection")
            answer += data
        if b" 200 " not in answer.partition(b"\r\n")[0]:
            raise ConnectionError(f"the proxy refused the tunnel: {answer!r}")
        with context.wrap_socket(plain, server_hostname=host) as secured:
            yield secured


def exchange(
    port: int,
    authority: Path,
    payload: bytes,
    *,
    host: str = "api.openai.com",
    end: bool = False,
    source: str | None = None,
    proxy: str = "127.0.0.1",
) -> Answered:
    """Send bytes through the proxy and read one answer.

    Args:
        end: close the connection's sending half after the payload, as a client that dies in the middle.
        source: the client's address, one of this machine's.
        proxy: the address of the proxy.

    Raises:
        TimeoutError: neither an answer nor an end of the connection came.
    """
    with tunnel(port, host, authority, source, proxy=proxy) as connection:
        try:
            connection.sendall(payload)
            if end:
                _end(connection)
                return Answered(0, {}, b"")
        except TimeoutError:
            raise
        except OSError:
            pass  # refused before all was sent: the answer may be there all the same
        response = HTTPResponse(connection)
        try:
            response.begin()
            body = response.read()
        except TimeoutError:
            raise
        except (HTTPException, OSError):
            return Answered(0, {}, b"")
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answered(response.status, headers, body, connection.getpeercert(binary_form=True) or b"")


def _end(connection: ssl.SSLSocket) -> None:
    """End the TCP stream in the middle of everything, and wait until the proxy has noticed and closed its side.

    Raises:
        TimeoutError: it did not.
    """
    connection.shutdown(socket.SHUT_WR)  # from here on, Python reads the bare stream below TLS
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        pass
