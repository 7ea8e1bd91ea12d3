"""The stand-in provider as a running server: TLS, HTTP/1.1, HTTP/2 and WebSocket on a free port."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config

from promptguard.demo.application import DIALECTS, PIECE_SIZES, Application, Received
from promptguard.demo.certificates import CertificateAuthority, CertificateFiles

HOSTS = (*DIALECTS, "localhost", "127.0.0.1")
"""The names in the server's certificate."""

_START_SECONDS = 10.0
_MAXIMUM_HEADERS = 1 << 20
"""Bytes of header fields that the server takes: more than any proxy before it lets through."""


class Provider:
    """A stand-in AI provider, used as a context manager; its server runs in a thread of its own.

    with Provider() as provider:
        ...  # https://127.0.0.1:{provider.port}, trusting provider.certificates.authority
        assert provider.received[-1].json() == {...}
    """

    def __init__(
        self,
        *,
        hosts: Sequence[str] = HOSTS,
        piece_sizes: Sequence[int] = PIECE_SIZES,
        authority: CertificateAuthority | None = None,
        listen: str = "127.0.0.1",
    ) -> None:
        self._listen = listen
        self.application = Application(piece_sizes)
        self.port = 0
        """The port, from the moment the context is entered."""
        self._hosts = hosts
        self._authority = authority or CertificateAuthority()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._failure: BaseException | None = None

    @property
    def address(self) -> str:
        """Where the server listens, as `HOST:PORT`."""
        return f"{self._listen}:{self.port}"

    @property
    def received(self) -> list[Received]:
        """Every request so far, in the order of arrival."""
        return self.application.received

    @property
    def certificates(self) -> CertificateFiles:
        """The server's certificate files, which exist while the context is open."""
        if self._folder is None:
            raise RuntimeError("the stand-in provider is not running")
        return CertificateFiles(Path(self._folder.name))

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="promptguard-provider-")
        self._authority.write(Path(self._folder.name), self._hosts)
        listener = socket.create_server((self._listen, 0), backlog=512)
        self.port = listener.getsockname()[1]
        started = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(listener, started), name="stand-in provider", daemon=True
        )
        self._thread.start()
        if not started.wait(_START_SECONDS) or self._failure is not None:
            self._folder.cleanup()
            raise RuntimeError("the stand-in provider did not start") from self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread is not None:
            self._thread.join(_START_SECONDS)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _run(self, listener: socket.socket, started: threading.Event) -> None:
        try:
            asyncio.run(self._serve(listener, started))
        except BaseException as failure:  # handed over to the thread that waits in __enter__
            self._failure = failure
            started.set()

    async def _serve(self, listener: socket.socket, started: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        config = Config()
        # A descriptor instead of an address: the port is bound, and known, before the server starts.
        config.bind = [f"fd://{listener.detach()}"]
        config.certfile = str(self.certificates.chain)
        config.keyfile = str(self.certificates.key)
        config.accesslog = None
        config.errorlog = None
        config.keep_alive_timeout = 120.0
        config.h11_max_incomplete_size = _MAXIMUM_HEADERS
        config.h2_max_header_list_size = _MAXIMUM_HEADERS
        serving = asyncio.create_task(serve(cast(Any, self.application), config, shutdown_trigger=_never))
        stopping = asyncio.create_task(self._stopping.wait())
        started.set()
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            await serving
        await _cancel_all()


async def _cancel_all() -> None:
    """End every other task of this loop.

    hypercorn's own shutdown waits for idle clients to close, and a cancelled connection waits for their part of TLS's
    closing; a second cancellation ends that as well.
    """
    for _ in range(3):
        if tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=0.2)


async def _never() -> None:
    await asyncio.Event().wait()
