"""Patience and parallelism of a real mitmproxy."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.settings import Settings
from promptguard.model import Action, Decision, Event, Verdict

CONFIG = Path(__file__).parents[3] / "config"
EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]


async def allow(*_: Any, **__: Any) -> Verdict:
    return Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)


def patience(proxied: Any) -> list[int]:
    """How long each of the proxy's connections may be silent at this moment."""
    connections = proxied.master.addons.get("proxyserver").connections.values()
    return [handler.timeout_watchdog.timeout for handler in connections]


async def test_a_connection_may_be_silent_for_longer_while_an_answer_is_under_way(proxied: Any, wire: Any) -> None:
    timeouts = proxied.service.settings.timeouts
    go_on = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 6\r\n\r\nda")
        await go_on.wait()
        writer.write(b"ta:\n")
        await reader.read()
        writer.close()

    async with wire.listening(serve) as target, proxied(allow, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET http://api.openai.com/x HTTP/1.1\r\nhost: api.openai.com\r\n\r\n")
        await reader.readuntil(b"\r\n\r\nda")
        assert patience(proxied) == [timeouts.stream_s]
        go_on.set()
        assert await reader.readexactly(4) == b"ta:\n"
        while patience(proxied) != [timeouts.idle_s]:
            await asyncio.sleep(0)
        writer.close()


async def test_a_tunnel_to_another_host_may_be_silent_too(proxied: Any, wire: Any) -> None:
    upstream = wire.Scripted([b"250 hello\r\n"], greeting=b"220 mail\r\n")
    async with wire.listening(upstream.serve) as target, proxied(allow, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONNECT mail.example:25 HTTP/1.1\r\nhost: mail.example\r\n\r\n")
        await reader.readuntil(b"220 mail\r\n")
        assert patience(proxied) == [proxied.service.settings.timeouts.stream_s]
        writer.close()


async def test_parallel_requests_do_not_wait_for_one_another(proxied: Any, wire: Any) -> None:
    together = asyncio.Barrier(12)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"content-length" not in head:
                assert b"transfer-encoding: chunked" in head, "a body has to end somewhere"
            async with together:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            await writer.drain()
        finally:
            writer.close()

    async with (
        wire.listening_with_tls(serve) as (target, authority),
        proxied(allow, port=target, options={"ssl_verify_upstream_trusted_ca": str(authority)}) as (_, port),
        wire.http2(port, proxied.authority, "api.openai.com") as client,
    ):
        streams = [client.send("/v1/x", b"{}", {"content-type": "application/json"}) for _ in range(12)]
        answers = await client.until_ended(*streams)
        assert [answer.body for answer in answers] == [b"ok"] * 12


def with_timeouts(**changed: float) -> Settings:
    settings = load_bundle(CONFIG).settings
    return settings.model_copy(update={"timeouts": settings.timeouts.model_copy(update=changed)})


async def test_a_service_that_cannot_be_connected_to_is_given_up(
    proxied: Any, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = asyncio.open_connection

    async def nobody(*address: Any, **options: Any) -> Any:
        if "local_addr" in options:  # as mitmproxy connects to servers
            await asyncio.Event().wait()
        return await opened(*address, **options)

    async with proxied(allow, settings=with_timeouts(connect_s=0.05)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        monkeypatch.setattr(asyncio, "open_connection", nobody)
        writer.write(b"GET http://api.openai.com/x HTTP/1.1\r\nhost: api.openai.com\r\n\r\n")
        head, body = await wire.read_answer(reader)
        assert head.split()[1] == b"502" and b"It did not answer in time." in body
        writer.close()


async def test_a_service_that_does_not_answer_is_given_up(proxied: Any, wire: Any) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    settings = with_timeouts(answer_s=0.05)
    async with wire.listening(serve) as target, proxied(allow, port=target, settings=settings) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET http://api.openai.com/x HTTP/1.1\r\nhost: api.openai.com\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).split()[1] == b"502"
        writer.close()


async def test_what_is_answered_is_not_awaited(proxied: Any, wire: Any) -> None:
    upstream = wire.Scripted([b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"])
    async with wire.listening(upstream.serve) as target, proxied(allow, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET http://api.openai.com/x HTTP/1.1\r\nhost: api.openai.com\r\n\r\n")
        assert (await wire.read_answer(reader))[1] == b"ok"
        timeouts = proxied.master.addons.get("promptguard_timeouts")
        assert timeouts._awaited == {} and len(timeouts._connecting) == 0
        writer.close()
