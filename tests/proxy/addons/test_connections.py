"""Where connections lead, through a real mitmproxy."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from types import SimpleNamespace
from typing import Any

import pytest

from promptguard.model import Action, Decision, Event, Verdict
from promptguard.proxy import addresses
from promptguard.proxy.addons import connections

EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


async def allow(*_: Any, **__: Any) -> Verdict:
    return Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Lookups of names under `.test` give these addresses, one after the other; the list is of the names asked for."""
    loop = asyncio.get_running_loop()
    usual, asked = loop.getaddrinfo, []

    async def getaddrinfo(host: Any, port: Any, **named: Any) -> Any:
        if not str(host).endswith(".test"):
            return await usual(host, port, **named)
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1].split()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("answers", [("198.51.100.1 127.0.0.1",), ("127.0.0.1",), ("169.254.169.254",)])
@pytest.mark.parametrize("tunnel", [False, True])
async def test_a_name_that_leads_to_this_machine_is_not_followed(
    proxied: Any, wire: Any, monkeypatch: pytest.MonkeyPatch, tunnel: bool, answers: tuple[str, ...]
) -> None:
    local = wire.Scripted([OK])
    async with wire.listening(local.serve) as target, proxied(allow, connect_to=()) as (_, port):
        resolving(monkeypatch, *answers)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        if tunnel:
            writer.write(f"CONNECT name.test:{target} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"hello\r\n\r\n")
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
        else:
            writer.write(f"GET http://name.test:{target}/ HTTP/1.1\r\nhost: name.test:{target}\r\n\r\n".encode())
            assert b" 502 " in await reader.readuntil(b"\r\n\r\n")
        writer.close()
    assert local.heard == []


async def test_a_name_is_looked_up_once_and_its_connection_serves_further_requests(
    proxied: Any, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it leads to the second time is never asked: the address connected to is the one that was checked."""
    monkeypatch.setattr(addresses, "_forbidden", lambda host, *_, **__: None)
    local = wire.Scripted([OK, OK])
    async with wire.listening(local.serve) as target, proxied(allow, connect_to=()) as (_, port):
        asked = resolving(monkeypatch, "127.0.0.1", "127.0.0.2")
        monkeypatch.setattr(connections, "forbidden_peer", lambda *_: None)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            writer.write(f"GET http://name.test:{target}/ HTTP/1.1\r\nhost: name.test:{target}\r\n\r\n".encode())
            assert (await wire.read_answer(reader))[1] == b"ok"
        writer.close()
    assert asked == ["name.test"]
    assert all(f"host: name.test:{target}".encode() in heard.lower() for heard in local.heard)


async def test_an_own_address_that_is_not_loopback_is_not_relayed_to(proxied: Any, wire: Any) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("198.51.100.1", 9))
        own = probe.getsockname()[0]
    async with proxied(allow, connect_to=()) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET http://{own}:9/ HTTP/1.1\r\nhost: {own}:9\r\n\r\n".encode())
        head, body = await wire.read_answer(reader)
        writer.close()
    assert head.split()[1] == b"502" and b"does not relay to its own machine" in body


async def test_an_address_that_does_not_answer_is_left_out_the_next_time(
    proxied: Any, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "_forbidden", lambda host, *_, **__: None)
    monkeypatch.setattr(connections, "forbidden_peer", lambda *_: None)
    local = wire.Scripted([OK])
    async with wire.listening(local.serve) as target, proxied(allow, connect_to=()) as (_, port):
        resolving(monkeypatch, "127.0.0.9 127.0.0.1")  # the stand-in listens on the second one only
        statuses = []
        for _ in range(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET http://name.test:{target}/ HTTP/1.1\r\nhost: name.test:{target}\r\n\r\n".encode())
            statuses.append((await wire.read_answer(reader))[0].split()[1])
            writer.close()
    assert statuses == [b"502", b"200"]


async def test_another_addon_goes_by_the_name_and_leads_where_it_wants(proxied: Any, wire: Any) -> None:
    seen: list[Any] = []
    local = wire.Scripted([OK])
    async with wire.listening(local.serve) as target, proxied(allow, connect_to=()) as (_, port):

        def server_connect(data: Any) -> None:
            seen.append(data.server.address)
            data.server.address = ("127.0.0.1", target)

        last = proxied.master.addons.get("promptguard_last_word")
        proxied.master.addons.remove(last)
        proxied.master.addons.add(SimpleNamespace(name="neighbour", server_connect=server_connect), last)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET http://name.invalid/ HTTP/1.1\r\nhost: name.invalid\r\n\r\n")
        assert (await wire.read_answer(reader))[1] == b"ok"
        writer.close()
    assert seen == [("name.invalid", 80)]
