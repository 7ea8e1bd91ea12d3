"""Answers that have no end or swell, and clients that take their time: memory stays bounded, others are served."""

from __future__ import annotations

import contextlib
import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator

import brotli
import pytest
import zstandard
from harness.attack import Attack
from harness.bounds import MEGABYTE, OTHER, Pieces, arrived, endless
from harness.client import read_answer
from harness.requests import chat, request
from harness.upstream import OK, Heard

ANSWER_SECONDS = 2.0
"""How long a service goes on; longer than it takes to fill what is not bounded."""
MAX_ANSWERED = 256 * MEGABYTE
"""Bytes of an answer as it is sent."""
SWOLLEN = 64 * MEGABYTE
"""Bytes of an answer that is sent compressed."""
MAX_TAKEN = 16 * MEGABYTE
"""Bytes of that which a client may get."""

STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n"
DOCUMENT = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"


def delta(text: bytes) -> bytes:
    return b'data: {"choices":[{"index":0,"delta":{"content":"' + text + b'"}}]}\n\n'


def swelling(encoding: str, start: bytes, piece: bytes, write: Callable[[bytes], bytes]) -> list[bytes]:
    head = STREAM if start.startswith(b"data") else DOCUMENT
    whole = start + piece * (SWOLLEN // len(piece))
    return [head + f"content-encoding: {encoding}\r\n\r\n".encode(), write(whole)]


ANSWERS: dict[str, Pieces] = {
    "header fields": endless(b"HTTP/1.1 200 OK\r\n", b"x-a: b\r\n" * 8192),
    "status line": endless(b"HTTP/1.1 200 ", b"a" * 65536),
    "interim answers": endless(b"", b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" * 512),
    "events": endless(STREAM + b"\r\n", delta(b"word ") * 512),
    "event": endless(STREAM + b"\r\ndata: ", b"a" * 65536),
    "lines of an event": endless(STREAM + b"\r\n", b"data: a\n" * 8192),
    "placeholders that begin": endless(STREAM + b"\r\n", delta(b"[EMAIL_ADDRESS_" * 64) * 32),
    "links that do not end": endless(STREAM + b"\r\n", delta(b"[a](" * 128) * 32),
    "tags that do not end": endless(STREAM + b"\r\n" + delta(b"<img src="), delta(b"a" * 1024) * 32),
    "JSON": endless(DOCUMENT + b'\r\n{"choices": "', b"a" * 65536),
    "deep JSON": endless(DOCUMENT + b"\r\n", b"[" * 65536),
    "chunk extension": endless(STREAM + b"transfer-encoding: chunked\r\n\r\n1;", b"a" * 65536),
    "gzip": lambda: swelling("gzip", b'{"choices": [{"index": 0, "message": {"content": "', b"0", gzip.compress),
    "brotli": lambda: swelling("br", b"data: {}\n\n", delta(b"word "), lambda data: brotli.compress(data, quality=1)),
    "zstd": lambda: swelling("zstd", b"data: ", b"0", zstandard.compress),
}  # fmt: skip
CUT = ("brotli", "zstd")
"""Answers that come to a client in part at most, as one read from the network stands for all of them."""
UNREAD = ("events", "JSON", "gzip")
"""Answers that a client asks for and does not take."""


def answering(pieces: Pieces) -> Callable[[Heard], bytes | Iterator[bytes]]:
    """Answer for so long or so much; another client gets an ordinary answer."""

    def answer() -> Iterator[bytes]:
        until, sent = time.monotonic() + ANSWER_SECONDS, 0
        for piece in pieces():
            if time.monotonic() > until or sent > MAX_ANSWERED:
                break
            yield piece
            sent += len(piece)
        raise EOFError

    return lambda heard: OK if heard.name == OTHER else answer()


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("name", "taken"), [*((name, True) for name in ANSWERS), *((name, False) for name in UNREAD)])
def test_an_answer_without_end(name: str, taken: bool, bounded: Attack) -> None:
    """To a request in which something was replaced, so that the answer is restored."""
    pieces = ANSWERS[name]()
    bounded.upstream.answer = answering(lambda: pieces)
    with bounded.client.tunnel("api.openai.com:443") as connection:
        connection.sendall(request(chat(f"write to {bounded.plant('mail')}", stream=True)))
        if taken:
            got = take(connection)
            assert name not in CUT or got < MAX_TAKEN  # what else passes is as much as the service sends
        else:
            threading.Event().wait(ANSWER_SECONDS)
    bounded.nothing_arrived()


def take(connection: ssl.SSLSocket) -> int:
    """Read until the connection ends, or for as long as the service sends; how much that was."""
    taken, until = 0, time.monotonic() + ANSWER_SECONDS
    connection.settimeout(ANSWER_SECONDS)
    with contextlib.suppress(OSError):
        while time.monotonic() < until and (data := connection.recv(MEGABYTE)):
            taken += len(data)
    return taken


def test_bodies_that_trickle(bounded: Attack) -> None:
    """Sixty clients that send a byte now and then: each is served at its end, and another one meanwhile."""
    whole = request(chat("hello"))
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(bounded.client.tunnel("api.openai.com:443")) for _ in range(60)]
        for connection in slow:
            connection.sendall(whole[:-30])
        for at in range(-30, -20):
            for connection in slow:
                connection.sendall(whole[at : at + 1])
            assert bounded.client.exchange(request(chat("hello"), host=OTHER), host=OTHER).status == 200
        assert arrived(bounded) == 0
        for connection in slow:
            connection.sendall(whole[-20:])
        assert {read_answer(connection)[9:12] for connection in slow} == {b"200"}
