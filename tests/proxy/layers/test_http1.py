"""Trailers over HTTP/1.1, both ways, and what has no end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from promptguard.model import Action, Answer, Decision, Event, Verdict

EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
ALLOWED = Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


async def allow(*_: Any, **__: Any) -> Verdict:
    return ALLOWED


@pytest.mark.parametrize(
    ("host", "passed"),
    [("api.openai.com", b""), ("intranet.example", b"x-checksum: 1\r\n")],
    ids=["AI service", "other"],
)
async def test_a_request_with_trailers_is_answered(proxied: Any, wire: Any, host: str, passed: bytes) -> None:
    upstream = wire.Scripted([OK, OK])
    async with wire.listening(upstream.serve) as target, proxied(allow, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST http://{host}/v1/x HTTP/1.1\r\nhost: {host}\r\n".encode()
        writer.write(head + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx-checksum: 1\r\n\r\n")
        assert (await wire.read_answer(reader))[1] == b"ok"
        writer.write(head + b"content-length: 2\r\n\r\n{}")
        assert (await wire.read_answer(reader))[1] == b"ok", "the connection goes on"
        writer.close()
    assert upstream.heard[0].partition(b"\r\n\r\n")[2] == b"2\r\n{}\r\n0\r\n" + passed + b"\r\n"
    assert upstream.heard[1].endswith(b"\r\n\r\n{}")


async def test_trailers_of_an_answer_pass(proxied: Any, wire: Any) -> None:
    body = b"2\r\nok\r\n0\r\ngrpc-status: 0\r\n\r\n"
    upstream = wire.Scripted([b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + body, OK])
    async with wire.listening(upstream.serve) as target, proxied(allow, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for expected in (body, b"ok"):
            writer.write(b"GET http://api.openai.com/v1/x HTTP/1.1\r\nhost: api.openai.com\r\n\r\n")
            assert (await wire.read_answer(reader))[1] == expected
        writer.close()


@pytest.mark.parametrize(("body", "chunks"), [(b"", b""), (b"hi", b"2\r\nhi\r\n")], ids=["alone", "after a body"])
async def test_our_own_answer_may_end_with_trailers(proxied: Any, wire: Any, body: bytes, chunks: bytes) -> None:
    answer = Answer(200, {"content-type": "application/grpc"}, body, {"grpc-status": "7", "grpc-message": "Stopped%2C"})

    async def refuse(*_: Any, **__: Any) -> Verdict:
        return Verdict(Decision(Action.BLOCK, "rule", "reason"), EVENT, answer=answer)

    async with proxied(refuse) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            writer.write(
                b"POST http://api.openai.com/v1/x HTTP/1.1\r\nhost: api.openai.com\r\ncontent-length: 2\r\n\r\n{}"
            )
            head, received = await wire.read_answer(reader)
            assert b"trailer: grpc-status, grpc-message" in head
            assert received == chunks + b"0\r\ngrpc-status: 7\r\ngrpc-message: Stopped%2C\r\n\r\n"
        writer.close()
        assert upstream.requests == []


POST = b"POST http://api.openai.com/v1/x HTTP/1.1\r\nhost: api.openai.com\r\n"
CHUNKED = POST + b"transfer-encoding: chunked\r\n\r\n"
FIELDS = b"x-a: b\r\n" * 8_192
WITHOUT_END = {
    "fields": (POST, FIELDS, b"431"),
    "field": (POST + b"x-a: ", b"b" * 65_536, b"431"),
    "request line": (b"POST http://api.openai.com/", b"b" * 65_536, b"431"),
    "line of a chunk": (CHUNKED + b"2;", b"b" * 65_536, b""),
    "trailers": (CHUNKED + b"2\r\n{}\r\n0\r\n", FIELDS, b""),
    "further requests": (
        POST + b"content-length: 2\r\n\r\n{}",
        POST + b"content-length: 1000000\r\n\r\n" + b"b" * 1_000_000,
        b"",
    ),
}


async def flood(writer: asyncio.StreamWriter, piece: bytes) -> int:
    """Write until the other side has had enough; how much that took."""
    sent = 0
    try:
        while sent < 1 << 26:
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
    except ConnectionError:
        pass
    return sent


@pytest.mark.parametrize("name", WITHOUT_END)
async def test_what_has_no_end_is_cut(proxied: Any, wire: Any, name: str) -> None:
    beginning, piece, status = WITHOUT_END[name]

    async def think(*_: Any, **__: Any) -> Verdict:
        await asyncio.sleep(30)
        return ALLOWED

    async with proxied(think) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(beginning)
        sent, answer = await asyncio.gather(flood(writer, piece), answered(reader))
        assert sent < 1 << 26
        assert answer[9:12] == status
    assert upstream.requests == []


async def answered(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(65_536)
    except ConnectionError:
        return b""


@pytest.mark.parametrize(
    ("beginning", "piece", "status"),
    [
        (b"HTTP/1.1 200 OK\r\n", FIELDS, b"502"),
        (b"HTTP/1.1 200 ", b"b" * 65_536, b"502"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;", b"b" * 65_536, b"200"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", FIELDS, b"200"),
    ],
)
@pytest.mark.parametrize("host", ["api.openai.com", "intranet.example"])
async def test_an_answer_without_an_end_is_cut(
    proxied: Any, wire: Any, host: str, beginning: bytes, piece: bytes, status: bytes
) -> None:
    sent: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(beginning)
        sent.set_result(await flood(writer, piece))
        writer.close()

    async with wire.listening(serve) as target, proxied(allow, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET http://{host}/v1/x HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())
        assert (await reader.read(65_536))[9:12] == status
        await reader.read()  # it ends
        writer.close()
        assert await asyncio.wait_for(sent, 20) < 1 << 26


async def test_a_long_head_is_answered(proxied: Any, wire: Any) -> None:
    async with proxied(allow) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(POST + b"x-a: " + b"b" * 60_000 + b"\r\ncontent-length: 2\r\n\r\n{}")
        assert (await wire.read_answer(reader))[1] == b"ok"
        writer.close()
    assert len(upstream.requests) == 1
