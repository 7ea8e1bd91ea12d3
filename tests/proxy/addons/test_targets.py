"""Where connections go, through a real mitmproxy."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from base64 import b64encode
from types import SimpleNamespace
from typing import Any

import pytest

from promptguard.configuration.settings import Settings
from promptguard.configuration.upstream_settings import Passage, Upstream
from promptguard.destinations.sightings import Sighting, Sign
from promptguard.model import Action, Answer, Decision, Event, Verdict
from promptguard.proxy.addons import targets

EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
CREDENTIALS = b"Basic " + b64encode(b"ada:p:w")


async def allow(*_: Any, **__: Any) -> Verdict:
    return Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)


def parent_at(port: int) -> dict[str, Any]:
    return {"upstream_proxy": f"http://ada:p%3Aw@127.0.0.1:{port}", "connect_to": ()}


@pytest.mark.parametrize("host", ["api.openai.com", "intranet.example"])
async def test_requests_go_through_a_parent_proxy_on_this_machine(proxied: Any, wire: Any, host: str) -> None:
    parent = wire.Scripted([OK])
    async with wire.listening(parent.serve) as target, proxied(allow, **parent_at(target)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"POST http://{host}/x HTTP/1.1\r\nhost: {host}\r\ncontent-length: 2\r\n\r\n{{}}".encode())
        assert (await wire.read_answer(reader))[1] == b"ok"
        writer.close()
    assert parent.heard[0].startswith(f"POST http://{host}/x HTTP/1.1".encode()) or b"CONNECT" in parent.heard[0]
    assert CREDENTIALS in parent.heard[0]


async def test_tunnels_go_through_it_too_and_the_server_may_speak_first(proxied: Any, wire: Any) -> None:
    parent = wire.Scripted([b"HTTP/1.1 200 OK\r\n\r\n220 mail.example\r\n"])
    async with wire.listening(parent.serve) as target, proxied(allow, **parent_at(target)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONNECT mail.example:25 HTTP/1.1\r\nhost: mail.example\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.readline() == b"220 mail.example\r\n"
        writer.close()
    assert parent.heard[0].startswith(b"CONNECT mail.example:25 ") and CREDENTIALS in parent.heard[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST"])
@pytest.mark.parametrize("absolute", [False, True])
async def test_the_proxys_own_address_says_what_it_is(proxied: Any, wire: Any, host: str, absolute: bool) -> None:
    async with proxied(allow) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        target = f"http://{host}:{port}/" if absolute else "/"
        writer.write(f"GET {target} HTTP/1.1\r\nhost: {host}:{port}\r\n\r\n".encode())
        head, body = await wire.read_answer(reader)
        writer.close()
    assert head.startswith(b"HTTP/1.1 200")
    assert b"This is a proxy, and no website" in body


@pytest.mark.parametrize(
    "request_line", ["GET http://127.0.0.1:9/ HTTP/1.1", "CONNECT localhost:22 HTTP/1.1", "CONNECT [::1]:22 HTTP/1.1"]
)
async def test_a_parent_does_not_lead_back_to_this_machine(proxied: Any, wire: Any, request_line: str) -> None:
    parent = wire.Scripted([OK])
    async with wire.listening(parent.serve) as target, proxied(allow, **parent_at(target)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"{request_line}\r\nhost: x\r\n\r\n".encode())
        assert b" 403 " in (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0]
        writer.close()
    assert parent.heard == []


@pytest.mark.parametrize(
    ("target", "path", "host", "status"),
    [
        ("api.openai.com", "/x", "api.openai.com", b"200"),
        ("api.openai.com", "/x", "API.OpenAI.com.:80", b"200"),
        ("chatgpt.com", "/x", "chat.openai.com", b"200"),
        ("api.openai.com", "/x", "harmless.example", b"400"),
        ("harmless.example", "/x", "api.openai.com", b"400"),
        ("api.openai.com", "/x", "localhost", b"400"),
        ("api.openai.com", "/x", "127.0.0.1", b"400"),
        ("api.openai.com", "/x", "[::1]:80", b"400"),
        ("api.openai.com", "/x", "jo@api.openai.com", b"400"),
        ("api.openai.com", "http://harmless.example/x", "api.openai.com", b"400"),
        ("api.openai.com", "http://jo:secret@api.openai.com/x", "api.openai.com", b"400"),
        ("api.openai.com", "http://api.openai.com.evil.example/x", "api.openai.com", b"400"),
        ("api.openai.com", "/x", "api.openai.com\r\nhost: harmless.example", b"400"),
        ("api.openai.com", "/x", "api\u3002openai\u3002com", b"200"),
        ("198.51.100.1", "/x", "api.openai.com", b"200"),
        ("198.51.100.1", "/x", "claude.ai", b"200"),
        ("api.openai.com", "/x", "198.51.100.1", b"400"),
        ("api.openai.com", "/x", "claude.ai", b"400"),
        ("claude.ai", "/x", "api.openai.com", b"400"),
        ("api.openai.com", "http://api.openai.com/x", "api.openai.com", b"200"),
        ("api.openai.com", "http://claude.ai/x", "api.openai.com", b"400"),
        ("api.openai.com", "http://claude.ai:80/x", "claude.ai", b"400"),
    ],
)
async def test_names_of_different_services_are_refused_whatever_the_policy_says(
    proxied: Any, wire: Any, target: str, path: str, host: str, status: bytes
) -> None:
    asked: list[Any] = []

    async def inspect(request: Any, identity: Any, destination: Any, *, problem: Any = None) -> Verdict:
        asked.append((destination.id, str(problem)))
        return await allow()

    async with proxied(inspect) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"CONNECT {target}:80 HTTP/1.1\r\nhost: {target}\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())
        head, body = await wire.read_answer(reader)
        writer.close()
        assert head.split()[1] == status
        if status == b"400" and asked:  # without, mitmproxy has refused it
            assert asked[0][1] == "routing.ambiguous" and upstream.requests == []
            assert b"different AI services" in body


@pytest.mark.parametrize(
    ("authority", "status"),
    [
        ("api.openai.com", "200"),
        ("API.openai.com:443", "200"),
        ("claude.ai", "400"),
        ("harmless.example", "400"),
        ("127.0.0.1", "400"),
    ],
)
async def test_names_of_a_request_over_http2(proxied: Any, wire: Any, authority: str, status: str) -> None:
    async def inspect(request: Any, identity: Any, destination: Any, *, problem: Any = None) -> Verdict:
        answer = Answer(200, {"content-type": "text/plain"}, b"ok")
        return Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT, answer=None if problem else answer)

    async with (
        proxied(inspect) as (upstream, port),
        wire.http2(port, proxied.authority, "api.openai.com") as client,
    ):
        client._host = authority
        (answer,) = await client.until_ended(client.send("/v1/chat/completions", b"{}", {}))
    assert answer.headers[":status"] == status
    assert upstream.requests == []


@pytest.mark.parametrize("setting", list(Passage))
async def test_tls_that_names_no_host_passes_or_is_refused_as_configured(
    proxied: Any, wire: Any, setting: Passage
) -> None:
    settings = Settings(upstream=Upstream(unnamed_tls=setting))
    hello = client_hello()
    server = wire.Scripted([b"server speaks"])
    async with (
        wire.listening(server.serve) as target,
        proxied(allow, settings=settings, connect_to=(f"*=127.0.0.1:{target}",)) as (_, port),
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONNECT 198.51.100.1:443 HTTP/1.1\r\nhost: 198.51.100.1\r\n\r\n")
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        writer.write(hello + b"\r\n\r\n")
        said = await reader.read(100)
        writer.close()
    assert (said == b"server speaks") is (setting is Passage.RELAY)
    assert bool(server.heard) is (setting is Passage.RELAY)


def client_hello() -> bytes:
    """The first message of a TLS client that names no host."""
    context = ssl.create_default_context()
    context.check_hostname = False
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        context.wrap_bio(incoming, outgoing).do_handshake()
    return outgoing.read()


@pytest.mark.parametrize(
    ("host", "seen"),
    [
        ("chat.fabrikam.ai", [(Sign.NAME, "chat.fabrikam.ai", "")]),
        ("collab.zed.dev", [(Sign.UNDECRYPTED, "collab.zed.dev", "zed")]),
        ("ours.pinecone.io", [(Sign.UNDECRYPTED, "*.pinecone.io", "pinecone")]),
        ("intranet.example", []),
        ("auth.openai.com", []),
        ("pi.ai", []),
    ],
)
@pytest.mark.parametrize("way", ["tls", "plain"])
async def test_hosts_that_pass_and_are_listed_or_look_like_ai_are_noted(
    proxied: Any, wire: Any, way: str, host: str, seen: list[tuple[Sign, str, str]]
) -> None:
    kept: list[Sighting] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(OK)
        await writer.drain()
        writer.close()

    async with (
        wire.listening(answer) as target,
        proxied(allow, connect_to=(f"*=127.0.0.1:{target}",)) as (_, port),
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        if way == "plain":
            writer.write(f"GET http://{host}/ HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())
        else:
            writer.write(f"CONNECT {host}:443 HTTP/1.1\r\nhost: {host}:443\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=host)
            with contextlib.suppress(ssl.SSLWantReadError):
                client.do_handshake()
            writer.write(outgoing.read())
        await asyncio.wait_for(reader.read(1), 10)
        writer.close()
        proxied.service.sightings.keep(SimpleNamespace(add=kept.extend))
    assert [(each.sign, each.host, each.destination) for each in kept] == seen
    assert not any(each.outline for each in kept)


@pytest.mark.parametrize(
    "pieces", [[b"G", b"ET /x HTTP/1.1\r\nhost: %b\r\n\r\n"], [b"GET /x HTTP/1.1\r\nho", b"st: %b\r\n\r\n"]]
)
@pytest.mark.parametrize(("host", "inspected"), [(b"api.openai.com", 1), (b"other.example", 0)])
async def test_unencrypted_http_in_a_tunnel_that_comes_in_pieces(
    proxied: Any, wire: Any, pieces: list[bytes], host: bytes, inspected: int
) -> None:
    """Its first piece does not tell whose it is."""
    seen: list[Any] = []

    async def inspect(request: Any, *_: Any, **__: Any) -> Verdict:
        seen.append(request)
        return await allow()

    service = wire.Scripted([b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"])
    async with wire.listening(service.serve) as target, proxied(inspect, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONNECT other.example:80 HTTP/1.1\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).split()[1] == b"200"
        writer.write(pieces[0])
        for _ in range(50):  # until the proxy, which runs in this loop, has read it
            await asyncio.sleep(0)
        writer.write(pieces[1] % host)
        answer = await reader.readuntil(b"\r\n\r\n")
        writer.close()
    assert len(seen) == inspected
    if not inspected:
        assert answer.split()[1] == b"200"


@pytest.mark.parametrize(
    ("said", "unfinished"),
    [
        (b"", False),
        (b"P", True),
        (b"\r\n", True),
        (b"\r\nPOST / ", True),
        (b"POST /v1 HTTP/1.1\r\nhost: api.", True),
        (b"POST /v1 HTTP/1.1\r\nhost: a.example\r\n\r\n{", False),
        (b"GET / HTTP/1.0\n\n", False),
        (b"SSH-2.0-OpenSSH_9.9\r\n", False),
        (b"EHLO x\r\n", False),
        (b"PING\r\n", False),
        (b"\x16\x03\x01", False),
        (b"GET /" + b"x" * 70_000, False),
    ],
)
def test_what_may_still_name_a_host(said: bytes, unfinished: bool) -> None:
    assert targets._is_unfinished_head(said) is unfinished
