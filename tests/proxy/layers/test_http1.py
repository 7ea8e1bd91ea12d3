"""Trailers over HTTP/1.1, both ways."""

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
