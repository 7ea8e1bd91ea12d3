"""A real mitmproxy with the addon in it, before an upstream of the test's own; the service behind it is given."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

# pytest's importlib mode leaves sys.path alone; the helpers beside this file are imported by name.
sys.path.insert(0, str(Path(__file__).parent / "support"))

from http2 import http2
from upstreams import Scripted, listening, listening_with_tls, read_answer

from promptguard.authentication.authenticator import Authenticator
from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.configuration.htpasswd import read_htpasswd
from promptguard.configuration.settings import Settings
from promptguard.destinations.sightings import Sightings
from promptguard.errors import Unavailable
from promptguard.notices.writer import NoticeWriter
from promptguard.proxy import addon as addon_module
from promptguard.proxy.master import ProxyMaster
from promptguard.reasons import Reason
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.sign_in import SignIn
from promptguard.wire.formats import load_formats

CONFIG = Path(__file__).parents[2] / "config"
BUNDLE = load_bundle(CONFIG)
FORMATS = load_formats()


class Service:
    """What the addon needs of the real one, with a guard of the test's own."""

    identities = BUNDLE.identities
    settings = BUNDLE.settings
    registry = BUNDLE.registry
    bundle: Bundle = BUNDLE

    def __init__(self, inspect: Callable[..., Any], folder: Path, problem: Reason | None = None) -> None:
        self.folder = DataFolder(folder)
        self.listening: list[tuple[str, int]] = []
        self.sightings = Sightings()
        self.listens = asyncio.Event()
        self.draining = False
        notices = NoticeWriter(BUNDLE.templates, "the help desk", {}, BUNDLE.languages)
        self.notices = notices
        self.observed: list[dict[str, Any]] = []
        self.guard = SimpleNamespace(
            inspect=inspect,
            formats=FORMATS,
            rules=SimpleNamespace(notices=notices),
            observe=lambda _, **seen: self.observed.append(seen),
            observe_messages=lambda _, messages: self.observed.append({"messages": list(messages)}),
        )
        self._problem = problem
        self._sign_in = SignIn(self._signing_in, bytes(32))

    def _signing_in(self) -> Any:
        named = self.settings.identity.htpasswd
        return SimpleNamespace(settings=self.settings, passwords=read_htpasswd(named) if named else {})

    @property
    def authenticator(self) -> Authenticator:
        return self._sign_in.authenticator

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def ready(self) -> Any:
        if self._problem:
            raise Unavailable(self._problem)
        return self.guard

    def pseudonym(self, name: str) -> str:
        return f"p_{name}"


@dataclass
class Upstream:
    """An HTTP server that keeps what it is sent."""

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


class Proxied:
    """Starts the proxy with a guard's `inspect`; gives the upstream and the proxy's port."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch
        self.service = Service(lambda *_: None, folder)

    @property
    def authority(self) -> Path:
        """The certificate that clients have to trust."""
        return DataFolder(self._folder).ca_certificate

    @asynccontextmanager
    async def __call__(
        self,
        inspect: Callable[..., Any],
        problem: Reason | None = None,
        port: int | None = None,
        options: Mapping[str, Any] | None = None,
        settings: Settings | None = None,
        **arguments: Any,
    ) -> AsyncIterator[tuple[Upstream, int]]:
        self.service = service = Service(inspect, self._folder, problem)
        service.settings = settings or BUNDLE.settings
        upstream = Upstream()
        server = await asyncio.start_server(upstream.serve, "127.0.0.1", 0)
        target = port or server.sockets[0].getsockname()[1]
        self._monkeypatch.setattr(addon_module, "Service", lambda *_: service)
        arguments.setdefault("connect_to", (f"*=127.0.0.1:{target}",))
        master = ProxyMaster(CONFIG, self._folder, listen=("127.0.0.1", 0), **arguments)
        self.master = master
        master.options.update(**(options or {}))
        task = asyncio.create_task(master.run())
        await service.listens.wait()
        try:
            yield upstream, service.listening[0][1]
        finally:
            master.shutdown()
            await task
            server.close()


@pytest.fixture
def proxied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Proxied:
    """Starts a proxy."""
    return Proxied(tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def wire() -> SimpleNamespace:
    """Servers and clients that say exactly what a test has written down."""
    return SimpleNamespace(
        Scripted=Scripted,
        listening=listening,
        listening_with_tls=listening_with_tls,
        read_answer=read_answer,
        http2=http2,
    )
