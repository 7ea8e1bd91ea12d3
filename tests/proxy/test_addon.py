"""The addon in a real mitmproxy, with a service that misbehaves: nothing may be forwarded that was not inspected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.destinations.formats import load_formats
from promptguard.errors import PromptGuardError, ScanFailed
from promptguard.model import Action, Decision, Event, Verdict
from promptguard.proxy import addon as addon_module
from promptguard.proxy.master import ProxyMaster

CONFIG = Path(__file__).parents[2] / "config"
BUNDLE = load_bundle(CONFIG)
FORMATS = load_formats()
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


class Service:
    """What the addon needs of the real one, with a guard of the test's own."""

    formats = FORMATS
    identities = BUNDLE.identities
    settings = BUNDLE.settings
    registry = BUNDLE.registry
    bundle: Bundle = BUNDLE

    def __init__(self, inspect: Callable[..., Any], problem: str = "") -> None:
        self.listening: list[tuple[str, int]] = []
        self._guard = SimpleNamespace(inspect=inspect)
        self._problem = problem

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def ready(self) -> Any:
        if self._problem:
            raise PromptGuardError(self._problem)
        return self._guard

    def pseudonym(self, name: str) -> str:
        return f"p_{name}"


@dataclass
class Upstream:
    """An HTTP server that keeps what it is sent."""

    port: int = 0
    requests: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        body = b""
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                body = await reader.readexactly(int(line.split(b":")[1]))
        self.requests.append(head + body)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def proxied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Service
) -> AsyncIterator[tuple[Upstream, int]]:
    upstream = Upstream()
    server = await asyncio.start_server(upstream.serve, "127.0.0.1", 0)
    upstream.port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(addon_module, "Service", lambda *_: service)
    master = ProxyMaster(
        CONFIG, tmp_path, listen=("127.0.0.1", 0), connect_to=(f"*=127.0.0.1:{upstream.port}",)
    )
    task = asyncio.create_task(master.run())
    while not service.listening:
        await asyncio.sleep(0.01)
    try:
        yield upstream, service.listening[0][1]
    finally:
        master.shutdown()
        await task
        server.close()


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


async def test_what_the_guard_allows_goes_on_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxied(tmp_path, monkeypatch, Service(allow)) as (upstream, port):
        assert await post(port, AI) == (200, b"ok")
        assert upstream.requests[0].endswith(b"\r\n\r\n" + BODY)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("boom"),
        ScanFailed("Too much is waiting."),
        TimeoutError(),
        MemoryError(),
        RecursionError(),
        OSError("disk full"),
        asyncio.CancelledError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_error_anywhere_in_the_guard_forwards_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    async with proxied(tmp_path, monkeypatch, Service(failing(error))) as (upstream, port):
        status, content = await post(port, AI)
        assert upstream.requests == []
        assert status == 400
        assert "Nothing was sent" in orjson.loads(content)["error"]["message"]
        assert (await post(port, OTHER))[0] == 200, "other traffic goes on"


async def test_a_guard_that_is_not_whole_yet_forwards_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxied(tmp_path, monkeypatch, Service(allow, "PromptGuard is still starting.")) as (upstream, port):
        status, content = await post(port, AI)
        assert (status, upstream.requests) == (400, [])
        assert "still starting" in orjson.loads(content)["error"]["message"]


async def test_other_hosts_are_not_inspected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxied(tmp_path, monkeypatch, Service(failing(AssertionError()))) as (upstream, port):
        assert await post(port, OTHER) == (200, b"ok")
        assert upstream.requests[0].endswith(BODY)


@pytest.mark.parametrize("name", ["api.openai.com", "API.OPENAI.COM", "api.openai.com.", "api.openai.com:80"])
async def test_the_host_header_alone_leads_to_inspection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async with proxied(tmp_path, monkeypatch, Service(failing(RuntimeError()))) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"POST http://192.0.2.1/x HTTP/1.1\r\nhost: {name}\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi".encode()
        )
        answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 400")
        assert upstream.requests == []


async def test_a_body_over_the_limit_reaches_the_guard_with_its_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems: list[str] = []

    async def inspect(*_: Any, problem: str = "", **__: Any) -> Verdict:
        problems.append(problem)
        raise PromptGuardError(problem)

    async with proxied(tmp_path, monkeypatch, Service(inspect)) as (upstream, port):
        status, _ = await post(port, AI, b"x" * (10 * 1024 * 1024 + 1))
        assert (status, upstream.requests) == (400, [])
        assert "larger than PromptGuard reads (10 MB)" in problems[0]


async def test_a_body_beyond_all_measure_is_not_even_received(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxied(tmp_path, monkeypatch, Service(allow)) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST http://api.openai.com/v1/x HTTP/1.1\r\nhost: api.openai.com\r\ncontent-length: 99999999999\r\n\r\n"
        )
        assert (await reader.readuntil(b"\r\n")).split()[1] == b"413"
        writer.close()
        assert upstream.requests == []
