"""Requests and messages that have no end or swell: cut or answered, memory stays bounded, others are served."""

from __future__ import annotations

import contextlib
import gzip
import json
from collections.abc import Callable, Iterable

import brotli
import pytest
import zstandard
from harness.attack import Attack
from harness.bounds import MEGABYTE, SECONDS, Pieces, arrived, endless, flood
from harness.client import read_answer
from harness.requests import CHAT_PATH, chat, request
from harness.websocket import PING, TEXT, deflated, frame
from test_websockets import handshake

HEAD = f"POST {CHAT_PATH} HTTP/1.1\r\nhost: api.openai.com\r\ncontent-type: ".encode()
JSON_HEAD = HEAD + b"application/json\r\n"
PART = b'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\nhello\r\n'
CHUNK = b"10000\r\n" + b" " * 65536 + b"\r\n"

ENDLESS: dict[str, Pieces] = {
    "header fields": endless(JSON_HEAD, b"x-a: b\r\n" * 8192),
    "names of header fields": endless(JSON_HEAD, b"a" * 65536),
    "request line": endless(b"POST /", b"a" * 65536),
    "body": endless(JSON_HEAD + b"content-length: 99999999999\r\n\r\n", b"[" * 65536),
    "chunks": endless(JSON_HEAD + b"transfer-encoding: chunked\r\n\r\n", CHUNK),
    "small chunks": endless(JSON_HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n" * 8192),
    "extension of a chunk": endless(JSON_HEAD + b"transfer-encoding: chunked\r\n\r\n1;", b"a" * 65536),
    "trailers": endless(JSON_HEAD + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"x-a: b\r\n" * 8192),
    "parts": endless(
        HEAD + b"multipart/form-data; boundary=b\r\ntransfer-encoding: chunked\r\n\r\n",
        b"%x\r\n%b\r\n" % (len(PART) * 1024, PART * 1024),
    ),
    "lines of JSON": endless(
        HEAD + b"application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n", b"10000\r\n" + b"{}\n1" * 16384 + b"\r\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDLESS)
def test_a_request_without_end(name: str, bounded: Attack) -> None:
    with bounded.client.tunnel("api.openai.com:443") as connection:
        flood(connection, ENDLESS[name]())
        answer = b""
        with contextlib.suppress(OSError):
            answer = read_answer(connection, seconds=SECONDS)
    assert not answer or answer[9:10] == b"4"
    assert arrived(bounded) == 0


def encoded(content: bytes, name: str) -> bytes:
    return request(content, headers={"content-encoding": name})


ZEROS = b"0" * (256 * MEGABYTE)


def bomb(write: Callable[[bytes], bytes], *, layers: int = 1) -> bytes:
    content = b'{"messages": [{"role": "user", "content": "' + ZEROS + b'"}]}'
    for _ in range(layers):
        content = write(content)
    return content


def fast_brotli(content: bytes) -> bytes:
    return brotli.compress(content, quality=1)


SWELLING: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: encoded(bomb(lambda content: gzip.compress(content, 1)), "gzip"),
    "brotli": lambda: encoded(bomb(fast_brotli), "br"),
    "zstd": lambda: encoded(bomb(zstandard.compress), "zstd"),
    "zstd twice": lambda: encoded(bomb(zstandard.compress, layers=2), "zstd, zstd"),
    "a gzip file in the text": lambda: request(chat("look at " + gzip.compress(ZEROS, 9)[:400_000].hex())),
    "parts": lambda: request(PART * 200_000 + b"--b--\r\n", kind="multipart/form-data; boundary=b"),
    "deep arrays": lambda: request(b'{"messages":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "deep objects": lambda: request(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "deep JSON in strings": lambda: request(chat('{"a":' * 100_000 + "1" + "}" * 100_000)),
    "keys": lambda: request(b"{" + b",".join(b'"k%d":"v"' % number for number in range(1_000_000)) + b"}"),
    "messages": lambda: request(json.dumps({"messages": [{"role": "user", "content": "a"}] * 300_000}).encode()),
    "form fields": lambda: request(b"a=b&" * 500_000, kind="application/x-www-form-urlencoded"),
    "digits of a number": lambda: request(b'{"messages": [], "seed": ' + b"9" * 5_000_000 + b"}"),
    "query": lambda: request(chat("hello"), path=CHAT_PATH + "?" + "a=b&" * 50_000),
    "deep markup": lambda: request(chat("<a>" * 300_000)),
    "white space": lambda: request(chat(" " * 9_000_000)),
    "encodings": lambda: encoded(chat("hello"), ", ".join(["gzip"] * 10_000)),
}


@pytest.fixture
def swelling(request: pytest.FixtureRequest) -> bytes:
    """Made before another client is served, which would wait for that too."""
    return SWELLING[request.param]()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("swelling", SWELLING, indirect=True)
def test_a_request_that_swells(swelling: bytes, bounded: Attack) -> None:
    answered = bounded.client.exchange(swelling, seconds=60.0)
    assert answered.status in (200, 400, 431)
    if answered.status != 200:
        assert arrived(bounded) == 0


def pings() -> Iterable[bytes]:
    return endless(b"", frame(b"a" * 125, PING) * 256)()


FRAMES: dict[str, Pieces] = {
    "fragments": endless(frame(b"a", TEXT, final=False), frame(b"b", 0, final=False) * 4096),
    "empty fragments": endless(frame(b"", TEXT, final=False), frame(b"", 0, final=False) * 4096),
    "long fragments": endless(frame(b"a", TEXT, final=False), frame(b"b" * 65536, 0, final=False)),
    "one frame": endless(b"\x81\xff" + (1 << 40).to_bytes(8, "big") + b"mask", b"b" * 65536),
    "swelling": lambda: [frame(deflated(ZEROS), TEXT, compressed=True)],
    "swelling fragments": lambda: swelling_fragments(),
    "pings": pings,
}


def swelling_fragments() -> list[bytes]:
    content = deflated(ZEROS)
    pieces = [content[at : at + 4096] for at in range(0, len(content), 4096)]
    return [frame(piece, TEXT if not at else 0, final=False, compressed=not at) for at, piece in enumerate(pieces)]


@pytest.mark.parametrize("name", FRAMES)
def test_a_message_without_end(name: str, bounded: Attack) -> None:
    with bounded.client.tunnel("api.openai.com:443") as connection:
        connection.sendall(handshake("api.openai.com", "/v1/responses", deflate=True))
        assert b"101" in read_answer(connection)[:20]
        flood(connection, FRAMES[name]())
    assert not any(opcode == TEXT for opcode, _ in bounded.upstream.messages)


def test_a_message_of_the_service_that_swells(bounded: Attack) -> None:
    bounded.upstream.reply = b"{" + b'"a":0,' * (30 * MEGABYTE) + b'"b":0}'
    with bounded.client.tunnel("api.openai.com:443") as connection:
        connection.sendall(handshake("api.openai.com", "/v1/responses", deflate=True))
        assert b"101" in read_answer(connection)[:20]
        connection.sendall(frame(b'{"type": "response.create"}'))
        with contextlib.suppress(OSError):
            read_answer(connection, seconds=SECONDS)
