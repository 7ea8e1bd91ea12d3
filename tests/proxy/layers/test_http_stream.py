"""Requests that are answered before their end, and long answers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from promptguard.model import Action, Answer, Decision, Event, Verdict
from promptguard.proxy.layers import http_stream

EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
ALLOWED = Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)
GRPC = Answer(200, {"content-type": "application/grpc"}, b"", {"grpc-status": "7", "grpc-message": "Stopped"})


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_stream, "OPEN_ENDED_SECONDS", 0.1)


class Refusing:
    """Refuses what cannot be inspected, as the shipped policy does."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    async def inspect(self, request: Any, *_: Any, problem: Any = None, **__: Any) -> Verdict:
        self.problems.append(str(problem))
        return Verdict(Decision(Action.BLOCK, "rule", "reason"), EVENT, answer=GRPC) if problem else ALLOWED


@pytest.mark.parametrize("media_type", ["application/grpc", "application/grpc+proto", "application/connect+json"])
async def test_a_request_that_stays_open_is_refused_over_http2(proxied: Any, wire: Any, media_type: str) -> None:
    guard = Refusing()
    async with (
        proxied(guard.inspect) as (upstream, port),
        wire.http2(port, proxied.authority, "api.openai.com") as client,
    ):
        stream = client.send("/a.v1.Service/Chat", b"\0\0\0\0\2{}", {"content-type": media_type}, end=False)
        (answer,) = await client.until_ended(stream)
        assert (answer.headers[":status"], answer.trailers) == ("200", dict(GRPC.trailers))
        assert guard.problems == ["body.open_ended"]
        assert upstream.requests == []
        stream = client.send("/x", b"{}", {"content-type": "application/json", "content-length": "2"}, end=True)
        assert stream in client.answers, "the connection goes on"


async def test_a_conversation_is_refused_at_its_head(proxied: Any, wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_stream, "OPEN_ENDED_SECONDS", 60)
    guard = Refusing()
    async with (
        proxied(guard.inspect) as (upstream, port),
        wire.http2(port, proxied.authority, "api.openai.com") as client,
    ):
        headers = {"content-type": "application/connect+proto"}
        (answer,) = await client.until_ended(client.send("/agent.v1.AgentService/Run", b"", headers, end=False))
        assert (answer.trailers, guard.problems) == (dict(GRPC.trailers), ["body.open_ended"])
        assert upstream.requests == []


async def test_signs_of_life_keep_nothing_open(proxied: Any, wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_stream, "OPEN_ENDED_SECONDS", 0.2)
    monkeypatch.setattr(http_stream, "OPEN_ENDED_IN_ALL_SECONDS", 0.5)
    guard = Refusing()
    async with proxied(guard.inspect) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST http://api.openai.com/x HTTP/1.1\r\nhost: api.openai.com\r\n"
            b"content-type: application/connect+proto\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        while not guard.problems:
            writer.write(b"5\r\n\0\0\0\0\0\r\n")
            await asyncio.sleep(0.05)
        await wire.read_answer(reader)
        writer.close()
        assert guard.problems == ["body.open_ended"]


async def test_a_request_that_ends_in_time_is_inspected_as_a_whole(proxied: Any, wire: Any) -> None:
    guard = Refusing()
    async with (
        proxied(guard.inspect) as (_, port),
        wire.http2(port, proxied.authority, "api.openai.com") as client,
    ):
        client.send("/a.v1.Service/Unary", b"\0\0\0\0\2{}", {"content-type": "application/grpc"})
        while not guard.problems:
            await asyncio.sleep(0.01)
        assert guard.problems == ["None"]


async def test_it_is_refused_over_http1_too(proxied: Any, wire: Any) -> None:
    guard = Refusing()
    async with proxied(guard.inspect) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST http://api.openai.com/x HTTP/1.1\r\nhost: api.openai.com\r\n"
            b"content-type: application/connect+proto\r\ntransfer-encoding: chunked\r\n\r\n5\r\n\0\0\0\0\0\r\n"
        )
        head, body = await wire.read_answer(reader)
        assert b"connection: close" in head and b"grpc-status: 7" in body
        writer.close()
        assert upstream.requests == []


@pytest.mark.parametrize("host", ["api.openai.com", "downloads.example"])
async def test_an_answer_may_be_longer_than_any_request(proxied: Any, wire: Any, host: str) -> None:
    length = 45 * 1024 * 1024
    upstream = wire.Scripted([b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % length + b"x" * length])
    async with wire.listening(upstream.serve) as target, proxied(Refusing().inspect, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET http://{host}/models/x HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())
        head, body = await wire.read_answer(reader)
        assert head.startswith(b"HTTP/1.1 200") and len(body) == length
        writer.close()


async def test_a_long_request_to_another_host_passes(proxied: Any, wire: Any) -> None:
    length = 45 * 1024 * 1024
    async with proxied(Refusing().inspect) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST http://backup.example/x HTTP/1.1\r\nhost: backup.example\r\ncontent-length: %d\r\n\r\n" % length
            + b"x" * length
        )
        assert (await wire.read_answer(reader))[1] == b"ok"
        writer.close()
        assert len(upstream.requests[0]) > length


async def test_options_do_not_lead_a_body_past_inspection(proxied: Any, wire: Any) -> None:
    guard = Refusing()
    sizes: list[int] = []

    async def inspect(request: Any, *_: Any, **__: Any) -> Verdict:
        sizes.append(len(request.body))
        return ALLOWED

    async with proxied(inspect, options={"stream_large_bodies": "1k"}) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = b'{"a":"%s"}' % (b"x" * 20_000)
        writer.write(
            b"POST http://api.openai.com/x HTTP/1.1\r\nhost: api.openai.com\r\ncontent-length: %d\r\n\r\n" % len(body)
            + body
        )
        assert (await wire.read_answer(reader))[1] == b"ok"
        writer.close()
        assert sizes == [len(body)] and upstream.requests[0].endswith(body)
        assert guard.problems == []
