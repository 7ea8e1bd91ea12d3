"""The addon in a real mitmproxy, with a service that misbehaves: nothing may be forwarded that was not inspected."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from mitmproxy.test import tflow

from promptguard.errors import PromptGuardError, ScanFailed
from promptguard.model import Action, Decision, Event, Verdict
from promptguard.proxy.addons.requests import Requests
from promptguard.proxy.gateway import Gateway
from promptguard.reasons import Code, Reason

AI = "http://api.openai.com/v1/chat/completions"
OTHER = "http://harmless.example/form"
BODY = b'{"messages":[{"role":"user","content":"hello"}]}'
EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
ALLOWED = Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)


async def allow(*_: Any, **__: Any) -> Verdict:
    return ALLOWED


def failing(error: BaseException) -> Callable[..., Any]:
    async def inspect(*_: Any, **__: Any) -> Verdict:
        raise error

    return inspect


async def post(port: int, url: str, body: bytes = BODY, head: str = "") -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    host = url.split("/")[2]
    writer.write(
        f"POST {url} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n{head}"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode()
        + body
    )
    answer = await reader.read()
    writer.close()
    headers, _, content = answer.partition(b"\r\n\r\n")
    return int(headers.split()[1]), content


async def test_what_the_guard_allows_goes_on_byte_for_byte(proxied: Any) -> None:
    async with proxied(allow) as (upstream, port):
        assert await post(port, AI) == (200, b"ok")
        assert upstream.requests[0].endswith(b"\r\n\r\n" + BODY)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("boom"),
        ScanFailed(Code.NAMES_OVERLOADED),
        TimeoutError(),
        MemoryError(),
        RecursionError(),
        OSError("disk full"),
        asyncio.CancelledError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_error_anywhere_in_the_guard_forwards_nothing(proxied: Any, error: BaseException) -> None:
    async with proxied(failing(error)) as (upstream, port):
        status, content = await post(port, AI)
        assert upstream.requests == []
        assert status == 400
        assert "Nothing was sent" in orjson.loads(content)["error"]["message"]
        assert (await post(port, OTHER))[0] == 200, "other traffic goes on"


async def test_a_guard_that_is_not_whole_yet_forwards_nothing(proxied: Any) -> None:
    async with proxied(allow, Reason(Code.START_PENDING)) as (upstream, port):
        status, content = await post(port, AI)
        assert (status, upstream.requests) == (400, [])
        assert "still starting" in orjson.loads(content)["error"]["message"]


async def test_other_hosts_are_not_inspected(proxied: Any) -> None:
    async with proxied(failing(AssertionError())) as (upstream, port):
        assert await post(port, OTHER) == (200, b"ok")
        assert upstream.requests[0].endswith(BODY)


@pytest.mark.parametrize("name", ["api.openai.com", "API.OPENAI.COM", "api.openai.com.", "api.openai.com:80"])
async def test_the_host_header_alone_leads_to_inspection(proxied: Any, name: str) -> None:
    async with proxied(failing(RuntimeError())) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"POST http://192.0.2.1/x HTTP/1.1\r\nhost: {name}\r\n".encode()
            + b"content-length: 2\r\nconnection: close\r\n\r\nhi"
        )
        answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 400")
        assert upstream.requests == []


async def test_a_body_over_the_limit_reaches_the_guard_with_its_problem(proxied: Any) -> None:
    problems: list[Reason | None] = []

    async def inspect(*_: Any, problem: Reason | None = None, **__: Any) -> Verdict:
        problems.append(problem)
        raise PromptGuardError

    async with proxied(inspect) as (upstream, port):
        status, _ = await post(port, AI, b"x" * (10 * 1024 * 1024 + 1))
        assert (status, upstream.requests) == (400, [])
        assert problems == [Reason(Code.BODY_TOO_LARGE, {"megabytes": 10})]


@pytest.mark.parametrize("inspected", [failing(RuntimeError()), allow], ids=["refused", "allowed uninspected"])
async def test_a_body_beyond_all_measure_is_refused_before_it_is_received(
    proxied: Any, inspected: Callable[..., Any]
) -> None:
    async with proxied(inspected) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST http://api.openai.com/v1/x HTTP/1.1\r\nhost: api.openai.com\r\ncontent-length: 99999999999\r\n\r\n"
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.split()[1] == b"400" and b"x-should-retry: false" in head and b"connection: close" in head
        assert b"Nothing was sent" in await reader.readexactly(int(head.split(b"content-length: ")[1].split()[0]))
        writer.close()
        assert upstream.requests == []


async def test_a_body_without_a_length_that_never_stops_is_refused_and_not_kept(proxied: Any) -> None:
    cut: list[Any] = []

    async def inspect(request: Any, *_: Any, problem: Any = None, **__: Any) -> Verdict:
        cut.append((len(request.body), str(problem)))
        return ALLOWED

    async with proxied(inspect) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST http://api.openai.com/v1/x HTTP/1.1\r\nhost: api.openai.com\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        answered = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
        for _ in range(60):  # megabytes
            if answered.done():
                break
            writer.write(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
            await writer.drain()
        assert b" 400 " in await answered
        writer.close()
        assert upstream.requests == []
        (kept, problem), *_ = cut
        assert problem == "body.too_large megabytes=10" and kept < 42 * 1024 * 1024


async def test_a_replayed_request_is_not_sent() -> None:
    flow = tflow.tflow()
    flow.is_replay = "request"
    await Requests(Gateway()).request(flow)
    assert flow.response is not None
    assert flow.response.status_code >= 400


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("", b'"code":"promptguard_unreachable"'),
        ("sec-fetch-mode: navigate\r\n", b"<h1>The service could not be reached</h1>"),
    ],
)
async def test_a_service_that_is_not_reached_is_told_as_such(proxied: Any, head: str, told: bytes) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens there
        async with proxied(allow, port=taken.getsockname()[1]) as (upstream, port):
            status, body = await post(port, "http://api.openai.com/v1/chat/completions", head=head)
    assert status == 502 and told in body
    assert b"From where PromptGuard runs, it could not be reached. No connection to it could be made." in body
    assert upstream.requests == []


async def test_a_certificate_that_is_not_trusted_is_told_over_http2(proxied: Any, wire: Any) -> None:
    service = wire.Scripted([])
    async with (
        wire.listening_with_tls(service.serve) as (target, _),
        proxied(allow, port=target),
        wire.http2(proxied.service.listening[0][1], proxied.authority, "api.openai.com") as client,
    ):
        for _ in range(2):
            stream = client.send("/v1/chat/completions", BODY, {"content-type": "application/json"})
            (answer,) = await client.until_ended(stream)
            assert (answer.headers[":status"], "x-should-retry" in answer.headers) == ("502", False)
            assert b"Its certificate is not trusted here." in answer.body
    assert service.heard == []
