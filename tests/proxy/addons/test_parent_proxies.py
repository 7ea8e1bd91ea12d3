"""Several further proxies, and hosts that go through none, told by what each of them hears."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.parent_routes import ParentRoute
from promptguard.configuration.settings import Settings
from promptguard.model import Action, Decision, Event, Verdict

CONFIG = Path(__file__).parents[3] / "config"
EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
OPEN = b"HTTP/1.1 200 OK\r\n\r\n"


async def allow(*_: Any, **__: Any) -> Verdict:
    return Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)


def basic(text: str) -> bytes:
    return b"proxy-authorization: Basic " + b64encode(text.encode())


def settings(one: int, two: int) -> Settings:
    """All through the first, one service through the second, and an intranet direct."""
    given = load_bundle(CONFIG).settings
    routes = (
        ParentRoute(hosts=("api.anthropic.com",), proxy=f"http://ben:two@127.0.0.1:{two}"),
        ParentRoute(hosts=("*.internal.example",), proxy="direct"),
    )
    proxy = f"http://ada:one@127.0.0.1:{one}"
    return given.model_copy(update={"upstream": given.upstream.model_copy(update={"proxy": proxy, "routes": routes})})


async def said(port: int, *pieces: bytes) -> bytes:
    """What is answered last, where each piece is sent once the one before has been answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    for piece in pieces:
        writer.write(piece)
        answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return answer


@pytest.mark.parametrize("tunnelled", [False, True])
@pytest.mark.parametrize(
    ("host", "way"),
    [("api.openai.com", 1), ("api.anthropic.com", 2), ("wiki.internal.example", 0), ("other.example", 1)],
)
async def test_each_host_goes_its_way(proxied: Any, wire: Any, host: str, way: int, tunnelled: bool) -> None:
    heard = [wire.Scripted([OK] if place == 0 or not tunnelled else [OPEN, OK]) for place in range(3)]
    async with (
        wire.listening(heard[0].serve) as direct,
        wire.listening(heard[1].serve) as one,
        wire.listening(heard[2].serve) as two,
        proxied(allow, port=direct, settings=settings(one, two)) as (_, port),
    ):
        credentials = b"proxy-authorization: Basic b3RoZXI6eA==\r\n"
        form = f"GET {'' if tunnelled else 'http://' + host}/x HTTP/1.1\r\nhost: {host}\r\n".encode()
        connect = f"CONNECT {host}:80 HTTP/1.1\r\nhost: {host}\r\n\r\n".encode()
        pieces = (connect, form + credentials + b"\r\n") if tunnelled else (form + credentials + b"\r\n",)
        assert (await said(port, *pieces)).split()[1] == b"200"
    assert [bool(each.heard) for each in heard] == [place == way for place in range(3)]
    first, last = heard[way].heard[0].lower(), heard[way].heard[-1]
    if way or not tunnelled:  # what the client says to us is not for others; what passes untouched is not read
        assert b"b3rozxi6ea==" not in first
    if way:
        assert basic(("", "ada:one", "ben:two")[way]).lower() in first
    if way and tunnelled:
        assert first.startswith(f"connect {host}:80 ".encode())
        assert last.startswith(b"GET /x ")
        if host != "other.example":  # what is within is inspected, and has no credentials for proxies
            assert b"proxy-authorization" not in last.lower()
    elif way == 0:
        assert first.startswith(b"get /x ")


async def test_after_a_refused_tunnel_requests_go_their_way_on_the_same_connection(proxied: Any, wire: Any) -> None:
    direct, parent = wire.Scripted([OK]), wire.Scripted([OK])
    async with (
        wire.listening(direct.serve) as target,
        wire.listening(parent.serve) as one,
        proxied(allow, port=target, settings=settings(one, one)) as (_, port),
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONNECT 127.0.0.1:25 HTTP/1.1\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.split()[1] == b"403"
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
        writer.write(b"GET http://wiki.internal.example/x HTTP/1.1\r\nhost: wiki.internal.example\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).split()[1] == b"200"
        writer.close()
    assert direct.heard and not parent.heard


async def test_a_parent_is_no_target_for_clients(proxied: Any, wire: Any) -> None:
    parent = wire.Scripted([OK])
    async with wire.listening(parent.serve) as target:
        given = settings(target, target)
        routes = (ParentRoute(hosts=("127.0.0.1",), proxy="direct"),)
        given = given.model_copy(update={"upstream": given.upstream.model_copy(update={"routes": routes})})
        async with proxied(allow, settings=given, connect_to=()) as (_, port):
            answer = await said(port, f"GET http://127.0.0.1:{target}/ HTTP/1.1\r\nhost: x\r\n\r\n".encode())
            assert answer.split()[1] == b"403"
    assert parent.heard == []


async def test_names_that_lead_back_are_refused_behind_a_parent(
    proxied: Any, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = wire.Scripted([OPEN])

    async def look_up(host: str, *_: Any, **__: Any) -> Any:
        return [(2, 1, 6, "", ("169.254.169.254" if host == "metadata.corp.example" else "198.51.100.7", 443))]

    async with (
        wire.listening(parent.serve) as target,
        proxied(allow, settings=settings(target, target), connect_to=()) as (_, port),
    ):
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
        answer = await said(port, b"CONNECT metadata.corp.example:443 HTTP/1.1\r\n\r\n")
        assert answer.split()[1] == b"403" and parent.heard == []
        assert (await said(port, b"CONNECT api.openai.com:443 HTTP/1.1\r\n\r\n")).split()[1] == b"200"
