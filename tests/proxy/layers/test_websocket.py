"""What the proxy says on a WebSocket connection itself, in its right place among what others say."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from mitmproxy.connection import Connection
from mitmproxy.proxy.layer import CommandGenerator
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from promptguard.model import Action, Answer, Decision, Event, Request, Restoration, Verdict
from promptguard.proxy.layers.websocket import InspectedWebsocketLayer, WholeMessages
from promptguard.wire.formats import load_formats

PLACEHOLDER = "[EMAIL_ADDRESS_BCDFGHJK]"
EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
ALLOWED = Verdict(
    Decision(Action.ALLOW, "rule", "reason"),
    EVENT,
    restoration=Restoration({PLACEHOLDER: "jane@orchard-lane.com"}),
    shape=load_formats()["openai_responses"],
    observed=True,
)
LONG = "zwei ä" * 3000


def delta(text: str) -> str:
    event = {"type": "response.output_text.delta", "item_id": "i", "output_index": 0, "content_index": 0}
    return json.dumps({**event, "delta": text})


class Guard:
    """Blocks what says so; keeps what it is asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    async def inspect(self, request: Request, *_: Any, **__: Any) -> Verdict:
        self.requests.append(request)
        if request.method == "WEBSOCKET" and b"block" in request.body:
            answer = Answer(400, {}, b"no frame of this service")
            return replace(ALLOWED, answer=answer, messages=(b"one", LONG.encode()), observed=False)
        return ALLOWED


async def talk(connection: ServerConnection) -> None:
    """Say what each message asks for, without a pause in which the proxy could come in between."""
    async for message in connection:
        orders = json.loads(message)
        for say in orders.get("say", ()):
            await connection.send(say)
        if "close" in orders:
            await connection.close(1000)
        if "abort" in orders:
            connection.transport.close()


def through(port: int) -> Any:
    return connect(
        "ws://api.openai.com/v1/responses?model=x",
        proxy=f"http://127.0.0.1:{port}",
        additional_headers={"x-team": "blue", "content-type": "image/png"},
    )


@pytest.fixture
def guard() -> Guard:
    return Guard()


async def test_a_refused_message_is_answered_in_the_services_own_frames(proxied: Any, guard: Guard) -> None:
    async with serve(talk, "127.0.0.1", 0) as server:
        target = server.sockets[0].getsockname()[1]
        async with proxied(guard.inspect, port=target) as (_, port), through(port) as client:
            await client.send("block this")
            assert await client.recv() == "one"
            assert await client.recv() == LONG
            await client.send(json.dumps({"say": ["still here"]}))
            assert await client.recv() == "still here"


async def test_messages_are_inspected_under_the_true_name_with_the_headers_of_the_upgrade(
    proxied: Any, guard: Guard
) -> None:
    async with serve(talk, "127.0.0.1", 0) as server:
        target = server.sockets[0].getsockname()[1]
        async with proxied(guard.inspect, port=target) as (_, port), through(port) as client:
            await client.send(json.dumps({"say": ["x"]}))
            await client.recv()
    upgrade, message = guard.requests
    assert (message.method, message.host, message.path) == ("WEBSOCKET", "api.openai.com", "/v1/responses")
    assert message.headers["x-team"] == "blue"
    assert "content-type" in upgrade.headers and "content-type" not in message.headers


@pytest.mark.parametrize("end", ["close", "abort"])
async def test_held_text_is_sent_before_the_service_closes(proxied: Any, guard: Guard, end: str) -> None:
    received: list[str] = []
    async with serve(talk, "127.0.0.1", 0) as server:
        target = server.sockets[0].getsockname()[1]
        async with proxied(guard.inspect, port=target) as (_, port), through(port) as client:
            await client.send(json.dumps({"say": [delta("as in footnote [EMAIL")], end: True}))
            with pytest.raises(ConnectionClosed):
                while True:
                    received.append(await client.recv())
    assert "".join(json.loads(message)["delta"] for message in received) == "as in footnote [EMAIL"


async def test_order_is_kept_where_several_messages_come_at_once(proxied: Any, guard: Guard) -> None:
    done = json.dumps({"type": "response.completed", "response": {}})
    async with serve(talk, "127.0.0.1", 0) as server:
        target = server.sockets[0].getsockname()[1]
        async with proxied(guard.inspect, port=target) as (_, port), through(port) as client:
            await client.send(json.dumps({"say": [delta("write to [EMAIL_"), done, "later"]}))
            received: list[str] = []
            while not received or received[-1] != "later":
                received.append(await client.recv())
        seen = [message.decode() for each in proxied.service.observed for message in each["messages"]]
    assert "".join(json.loads(message)["delta"] for message in received[:-2]) == "write to [EMAIL_"
    assert received[-2] == done
    assert seen == [delta("write to [EMAIL_"), done, "later"], "what is learned from is what the service sent"


@pytest.mark.parametrize(
    ("fragments", "content", "lengths"),
    [
        ([b"abc", b"de"], b"fghij", [3, 2]),
        ([b"ab", b"cde"], "aä34".encode(), [5]),
        ([b"abc", b"de"], b"longer than before", [18]),
        ([], b"x" * 9000, [9000]),
        ([b"abc", b""], b"abc", [3, 0]),
        ([b""], b"", [0]),
        ([b"a"] * 10 + [b""] * 90, b"a" * 10, [10]),
        ([b"a"] * 40_000, b"a" * 40_000, [16384, 16384, 7232]),
        ([b"a" * 20_000] * 100, b"a" * 2_000_000, [20_000] * 100),
    ],
)
def test_no_character_falls_apart(fragments: list[bytes], content: bytes, lengths: list[int]) -> None:
    messages = list(WholeMessages(fragments, is_text=True)(content))
    assert [len(message.data.encode()) for message in messages] == lengths
    assert "".join(message.data for message in messages).encode() == content
    assert [message.message_finished for message in messages] == [False] * (len(lengths) - 1) + [True]


async def test_a_client_who_does_not_wait_for_the_guard_is_cut_off(
    proxied: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InspectedWebsocketLayer, "_max_waiting", lambda *_: 100_000)
    seen, cut, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()
    usual = InspectedWebsocketLayer._cut_off

    def cut_off(self: InspectedWebsocketLayer, side: Connection) -> CommandGenerator[None]:
        cut.set()
        return usual(self, side)

    monkeypatch.setattr(InspectedWebsocketLayer, "_cut_off", cut_off)

    async def hold(request: Request, *_: Any, **__: Any) -> Verdict:
        if request.method == "WEBSOCKET":
            seen.set()
            await go_on.wait()
        return ALLOWED

    async with serve(talk, "127.0.0.1", 0) as server:
        target = server.sockets[0].getsockname()[1]
        async with (
            proxied(hold, port=target) as (_, port),
            connect("ws://api.openai.com/v1/responses", proxy=f"http://127.0.0.1:{port}", compression=None) as client,
        ):
            await client.send(json.dumps({"say": ["heard"]}))
            await seen.wait()
            for _ in range(10):
                await client.send("x" * 50_000)
            await cut.wait()
            go_on.set()
            with pytest.raises(ConnectionClosed):
                while True:
                    await client.recv()
