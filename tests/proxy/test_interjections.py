"""Calls that are refused, and whose caller waits for the answer on a stream that is open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from promptguard.model import Action, Decision, Destination, Event, Identity, Notice, Request, Verdict
from promptguard.proxy.interjections import Interjection
from promptguard.wire.formats import load_formats
from promptguard.wire.json_rpc import refuse_call

EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, "") | {"format": "generic"})  # type: ignore[arg-type]
GENERIC = load_formats()["generic"]
ENDPOINT = b"event: endpoint\ndata: /messages?session_id=1\n\n"
BEGIN = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
CALL = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {}}
JSON = {"content-type": "application/json"}


async def inspect(request: Request, identity: Identity, destination: Destination, **_: Any) -> Verdict:
    """Refuses calls."""
    verdict = Verdict(
        Decision(Action.ALLOW, "rule", "reason"), EVENT, shape=GENERIC, scope=f"{identity.pseudonym}|{destination.id}"
    )
    if request.method == "GET":
        return verdict
    return replace(
        verdict, answer=refuse_call(request, json.loads(request.body), Notice("pg-1", "Stopped", "Nothing was sent."))
    )


class Sessions:
    """A service whose stream says where calls go, and then whatever a test writes."""

    def __init__(self) -> None:
        self.writer: asyncio.StreamWriter | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.writer = writer
        writer.write(BEGIN)
        self.say(ENDPOINT)
        await reader.read()
        writer.close()

    def say(self, data: bytes) -> None:
        assert self.writer
        self.writer.write(b"%x\r\n%s\r\n" % (len(data), data))


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


class Caller:
    """The stream and calls of one session, over HTTP/1.1."""

    def __init__(self, port: int, read_answer: Callable[..., Any]) -> None:
        self._port = port
        self._read_answer = read_answer

    async def open(self) -> asyncio.StreamReader:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)
        self.writer.write(b"GET http://api.openai.com/sse HTTP/1.1\r\nhost: api.openai.com\r\n\r\n")
        assert b" 200 " in await self.reader.readuntil(b"\r\n\r\n")
        assert await self.reader.readexactly(len(chunk(ENDPOINT))) == chunk(ENDPOINT)
        return self.reader

    async def call(self, body: Any = CALL, path: str = "/messages?session_id=1") -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        source = json.dumps(body).encode()
        head = (
            f"POST http://api.openai.com{path} HTTP/1.1\r\nhost: api.openai.com\r\ncontent-type: application/json\r\n"
        )
        writer.write(head.encode() + b"content-length: %d\r\n\r\n%s" % (len(source), source))
        answered, _ = await self._read_answer(reader)
        writer.close()
        return int(answered.split()[1])

    async def heard(self) -> Any:
        length = int(await self.reader.readuntil(b"\r\n"), 16)
        event = (await self.reader.readexactly(length + 2))[:-2]
        assert event.endswith(b"\n\n")
        return json.loads(event.partition(b"data: ")[2])


async def test_a_refused_call_is_answered_on_the_stream_of_its_session(proxied: Any, wire: Any) -> None:
    service = Sessions()
    async with wire.listening(service.serve) as upstream, proxied(inspect, port=upstream) as (_, port):
        caller = Caller(port, wire.read_answer)
        await caller.open()
        for id in (7, "eight"):
            assert await caller.call(CALL | {"id": id}) == 202
            error = await caller.heard()
            assert (error["id"], error["error"]["message"]) == (id, "Nothing was sent.")
        assert await caller.call({"jsonrpc": "2.0", "method": "notifications/x"}) == 400, "nobody waits"
        assert await caller.call(path="/messages?session_id=2") == 400, "no stream of this session is open here"
        caller.writer.close()


async def test_it_waits_for_the_end_of_an_event_that_is_under_way(proxied: Any, wire: Any) -> None:
    service = Sessions()
    async with wire.listening(service.serve) as upstream, proxied(inspect, port=upstream) as (_, port):
        caller = Caller(port, wire.read_answer)
        await caller.open()
        service.say(b": half of a comment\n")
        assert await caller.reader.readexactly(len(chunk(b": half of a comment\n"))) == chunk(b": half of a comment\n")
        assert await caller.call() == 202
        service.say(b"\n")
        assert await caller.reader.readexactly(len(chunk(b"\n"))) == chunk(b"\n")
        assert (await caller.heard())["id"] == 7
        caller.writer.close()


async def test_a_stream_that_was_left_answers_nothing(proxied: Any, wire: Any) -> None:
    service = Sessions()
    async with wire.listening(service.serve) as upstream, proxied(inspect, port=upstream) as (_, port):
        caller = Caller(port, wire.read_answer)
        await caller.open()
        caller.writer.close()
        while proxied.master.addons.get("proxyserver").connections:
            await asyncio.sleep(0)
        assert await caller.call() == 400


@pytest.mark.parametrize("ends", [False, True], ids=["goes on", "ends then"])
async def test_over_http2(proxied: Any, wire: Any, ends: bool) -> None:
    service = Sessions()
    async with (
        wire.listening_with_tls(service.serve) as (upstream, authority),
        proxied(inspect, port=upstream, options={"ssl_verify_upstream_trusted_ca": str(authority)}) as (_, port),
        wire.http2(port, proxied.authority, "api.openai.com") as client,
    ):
        (handler,) = proxied.master.addons.get("proxyserver").connections.values()
        stream = client.send("/sse", b"", {}, method="GET")
        assert await client.until_said(stream, ENDPOINT) == ENDPOINT
        for _ in range(2):
            call = client.send("/messages?session_id=1", json.dumps(CALL).encode(), JSON)
            (answer,) = await client.until_ended(call)
            assert answer.headers[":status"] == "202"
        said = await client.until_said(stream, b"}\n\n")
        assert b'"id":7' in said.removeprefix(ENDPOINT)
        if ends:
            assert service.writer
            service.writer.write(b"0\r\n\r\n")
            await client.until_ended(stream)
            (answer,) = await client.until_ended(client.send("/messages?session_id=1", json.dumps(CALL).encode(), JSON))
            assert answer.headers[":status"] == "400"
        layers = handler.layer.context.layers
        waiting = [
            each for layer in layers for each in getattr(layer, "command_sources", ()) if isinstance(each, Interjection)
        ]
        assert len(waiting) == (0 if ends else len([each for each in layers if hasattr(each, "command_sources")]))
