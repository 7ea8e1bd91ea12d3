"""The client of a benchmark: blocking sockets, keep-alive, nothing that costs more than what is measured."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from upstream import HOST, PATH

_TIMEOUT_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How the service is reached: directly, or through a proxy."""

    port: int
    authority: Path
    proxied: bool


class Client:
    """One keep-alive connection to the service."""

    def __init__(self, endpoint: Endpoint) -> None:
        plain = socket.create_connection(("127.0.0.1", endpoint.port), _TIMEOUT_SECONDS)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if endpoint.proxied:
            plain.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\nhost: {HOST}:443\r\n\r\n".encode())
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += plain.recv(4096)
        context = ssl.create_default_context(cafile=str(endpoint.authority))
        self._socket = context.wrap_socket(plain, server_hostname=HOST)

    def post(self, body: bytes, path: str = PATH, content_type: str = "application/json") -> int:
        """Send a body and read the whole answer; gives its status."""
        head = f"POST {path} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}"
        self._socket.sendall(head.encode() + b"\r\n\r\n" + body)
        answer = b""
        while True:
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("the connection was closed")
            answer += data
            fields, separator, rest = answer.partition(b"\r\n\r\n")
            if separator and _complete(fields, rest):
                return int(answer[9:12])

    def stream(self, body: bytes, look: Callable[[bytes], None] | None = None) -> tuple[float, str]:
        """Send a body; gives the seconds until the first text of a streamed answer, and all of its text.

        With `look`, which gets the answer as it arrives, the text is not kept.
        """
        head = f"POST {PATH} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
        self._socket.sendall(head.encode() + b"\r\n\r\n" + body)
        started = time.perf_counter()
        first, answer = 0.0, b""
        while not answer.endswith(b"\r\n0\r\n\r\n"):
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("the connection was closed")
            answer = answer[-8:] + data if look else answer + data
            if look:
                look(data)
            if not first and b'"content":' in answer:
                first = time.perf_counter() - started
        return first, "".join(re.findall(r'"content":"([^"]*)"', answer.decode("utf-8", "replace")))

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _complete(fields: bytes, body: bytes) -> bool:
    """Whether an answer is there in full; proxies that change answers send them in chunks."""
    for line in fields.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line[15:])
        if line.startswith(b"transfer-encoding:"):
            return body.endswith(b"0\r\n\r\n")
    return True


@dataclass(slots=True)
class Sample:
    """What one stretch of load gave."""

    milliseconds: list[float] = field(default_factory=list)
    """Of each answered request."""
    refused: int = 0
    """Answers with another status than 200, such as those to scans beyond their deadline."""
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Requests per second, 0 where none was answered."""
        return len(self.milliseconds) / self.seconds if self.seconds else 0.0


def one_after_another(endpoint: Endpoint, bodies: Sequence[bytes], seconds: float) -> Sample:
    """Send bodies on one connection until they or the time run out; at least one is sent."""
    sample = Sample()
    with Client(endpoint) as client:
        started = time.perf_counter()
        _drive(client, iter(bodies), started + seconds, sample)
        sample.seconds = time.perf_counter() - started
    return sample


def at_once(endpoint: Endpoint, bodies: Sequence[bytes], seconds: float, connections: int) -> Sample:
    """Send bodies on several connections at a time until they or the time run out."""
    samples = [Sample() for _ in range(connections)]
    clients = [Client(endpoint) for _ in range(connections)]
    shares = [iter(bodies[number::connections]) for number in range(connections)]
    started = time.perf_counter()
    threads = [
        threading.Thread(target=_drive, args=(client, share, started + seconds, sample))
        for client, share, sample in zip(clients, shares, samples, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Sample(seconds=time.perf_counter() - started)
    for client, sample in zip(clients, samples, strict=True):
        client.close()
        whole.milliseconds += sample.milliseconds
        whole.refused += sample.refused
    return whole


def _drive(client: Client, bodies: Iterator[bytes], deadline: float, sample: Sample) -> None:
    for body in bodies:
        started = time.perf_counter()
        status = client.post(body)
        ended = time.perf_counter()
        if status == 200:
            sample.milliseconds.append((ended - started) * 1000)
        else:
            sample.refused += 1
        if ended > deadline:
            return


def offered(endpoint: Endpoint, bodies: Sequence[bytes], per_second: float, connections: int) -> Sample:
    """Send bodies at a rate, whether or not those before are answered yet, as many people do who do not wait for each
    other. The time of each counts from when it was due, so that it holds what it waited for a free connection."""
    sample = Sample()
    lock = threading.Lock()
    clients = [Client(endpoint) for _ in range(connections)]
    started = time.perf_counter()
    left = iter([(started + number / per_second, body) for number, body in enumerate(bodies)])

    def drive(client: Client) -> None:
        while True:
            with lock:
                due, body = next(left, (0.0, b""))
            if not body:
                return
            time.sleep(max(0.0, due - time.perf_counter()))
            status = client.post(body)
            with lock:
                if status == 200:
                    sample.milliseconds.append((time.perf_counter() - due) * 1000)
                else:
                    sample.refused += 1

    threads = [threading.Thread(target=drive, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for client in clients:
        client.close()
    sample.seconds = time.perf_counter() - started
    return sample


def paced(endpoint: Endpoint, bodies: Sequence[bytes], every_seconds: float) -> Sample:
    """Send bodies at a fixed pace, however long each takes up to the pace; measures what a person would feel."""
    sample = Sample()
    with Client(endpoint) as client:
        due = time.perf_counter()
        for body in bodies:
            time.sleep(max(0.0, due - time.perf_counter()))
            started = time.perf_counter()
            status = client.post(body)
            if status == 200:
                sample.milliseconds.append((time.perf_counter() - started) * 1000)
            else:
                sample.refused += 1
            due = max(due + every_seconds, time.perf_counter())
    return sample
