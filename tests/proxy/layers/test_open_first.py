"""Tunnels in which the server speaks first, through a real mitmproxy."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest


async def never(*_: Any, **__: Any) -> Any:
    raise AssertionError("nothing here is for an AI service")


@pytest.mark.parametrize("port_asked", [22, 25, 443])
async def test_a_greeting_passes_and_so_does_what_follows(proxied: Any, wire: Any, port_asked: int) -> None:
    upstream = wire.Scripted([b"250 hello\r\n"], greeting=b"220 mail.example ESMTP\r\n")
    async with wire.listening(upstream.serve) as target, proxied(never, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"CONNECT mail.example:{port_asked} HTTP/1.1\r\nhost: mail.example\r\n\r\n".encode())
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        assert await reader.readline() == b"220 mail.example ESMTP\r\n"
        writer.write(b"EHLO laptop\r\n")
        assert await reader.readline() == b"250 hello\r\n"
        writer.close()
    assert upstream.heard == [b"EHLO laptop\r\n"]


async def test_the_client_may_speak_first(proxied: Any, wire: Any) -> None:
    async with proxied(never) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONNECT intranet.example:8080 HTTP/1.1\r\nhost: intranet.example\r\n\r\n")
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        writer.write(b"GET / HTTP/1.1\r\nhost: intranet.example\r\n\r\n")
        assert (await wire.read_answer(reader))[1] == b"ok"
        writer.close()
        assert len(upstream.requests) == 1


async def test_a_server_that_is_not_there_ends_the_tunnel(proxied: Any, wire: Any) -> None:
    async with wire.listening(lambda *_: None) as target:
        pass
    async with proxied(never, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONNECT gone.example:22 HTTP/1.1\r\nhost: gone.example\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.read() == b""
        writer.close()
