"""Bounds and control frames of WebSocket connections through a real mitmproxy."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from wsproto import ConnectionType
from wsproto.events import CloseConnection, Ping, Pong

from promptguard.model import Action, Decision, Event, Verdict
from promptguard.proxy.layers import websocket_events
from promptguard.proxy.layers.websocket_events import MAX_AT_ONCE, MAX_PINGS, ControlFrames, InspectedConnection

EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
MEGABYTE = 1024 * 1024


class Service:
    """Echoes messages, and keeps why it was left."""

    def __init__(self) -> None:
        self.heard = 0
        self.closed = asyncio.Event()
        self.reason = ""

    async def __call__(self, connection: ServerConnection) -> None:
        try:
            await (await connection.ping(b"from the service"))
            async for message in connection:
                self.heard += 1
                await connection.send(str(len(message)))
        except ConnectionClosed:
            pass
        self.reason = connection.close_reason or ""
        self.closed.set()


async def allow(*_: Any, **__: Any) -> Verdict:
    return Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)


@asynccontextmanager
async def conversation(proxied: Any, service: Service) -> Any:
    async with serve(service, "127.0.0.1", 0, max_size=None) as server:
        target = server.sockets[0].getsockname()[1]
        async with (
            proxied(allow, port=target) as (_, port),
            connect("ws://api.openai.com/v1/responses", proxy=f"http://127.0.0.1:{port}", max_size=None) as client,
        ):
            yield client


async def test_a_message_that_swells_beyond_measure_ends_the_connection(proxied: Any) -> None:
    service = Service()
    async with conversation(proxied, service) as client:
        await client.send("x" * (60 * MEGABYTE))  # some 60 KB on the wire
        with pytest.raises(ConnectionClosed) as caught:
            await client.recv()
        assert caught.value.rcvd is not None and caught.value.rcvd.code == 1009
        await service.closed.wait()
        assert service.heard == 0


async def test_fragments_without_an_end_end_the_connection(proxied: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket_events, "FRAGMENT_COST", MEGABYTE)  # so that few of them are many
    service = Service()
    async with conversation(proxied, service) as client:
        with pytest.raises(ConnectionClosed) as caught:
            await client.send([""] * 100)
            await client.recv()
        assert caught.value.rcvd is not None and caught.value.rcvd.code == 1009
        await service.closed.wait()
        assert service.heard == 0


async def test_a_long_message_within_bounds_passes(proxied: Any) -> None:
    async with conversation(proxied, Service()) as client:
        for text in (json.dumps("\u00e4" * (5 * MEGABYTE)), "short"):
            await client.send(text)
            assert await client.recv() == str(len(text))


async def test_pings_come_back_and_carry_nothing(proxied: Any) -> None:
    service = Service()
    async with conversation(proxied, service) as client:
        pong = await client.ping(b"my password is sesame")
        await asyncio.wait_for(pong, 10)  # the client knows its pong by what it has put into the ping
        await client.close(1000, "my password is sesame")
        await service.closed.wait()
        assert service.reason == ""


def test_each_side_knows_its_own_pongs_and_the_service_learns_nothing() -> None:
    control = ControlFrames()
    assert control.from_client(Ping(b"secret")) == Ping(b"1")
    assert control.from_service(Pong(b"1")) == Pong(b"secret")
    assert control.from_service(Pong(b"1")) == Pong(b"1")
    assert control.from_client(Pong(b"secret")) == Pong(b"")
    assert control.from_service(Ping(b"x")) == Ping(b"x")
    assert control.from_client(Pong(b"x")) == Pong(b"x")
    assert control.from_client(CloseConnection(4000, "secret")) == CloseConnection(4000)
    assert control.from_service(CloseConnection(4000, "told")) == CloseConnection(4000, "told")
    for _ in range(2 * MAX_PINGS):
        control.from_client(Ping(b"secret"))
    assert len(control._of_client) == MAX_PINGS


async def test_a_message_in_crumbs_arrives_whole(proxied: Any) -> None:
    service = Service()
    async with conversation(proxied, service) as client:
        await client.send(["ä"] * (3 * MAX_AT_ONCE))
        assert await client.recv() == str(3 * MAX_AT_ONCE)
    assert service.heard == 1


def test_what_came_at_once_is_handed_over_in_turns() -> None:
    side = InspectedConnection(ConnectionType.SERVER, [], conn=None)
    side.receive_data(bytes.fromhex("8980 00000000") * (2 * MAX_AT_ONCE + 1))
    turns = []
    while not turns or side.has_more:
        turns.append(len(list(side.events())))
    assert turns == [MAX_AT_ONCE, MAX_AT_ONCE, 1]
