"""What an attack on memory and time is held against: the height of memory, and what another client waits meanwhile."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psutil
from harness.attack import Attack
from harness.requests import chat, request

from promptguard.demo.proxy_process import PromptGuardProcess

MAX_MEMORY = 700 * 1024 * 1024
"""Bytes that a process of ours may hold at its height."""
MAX_WAIT = 20.0
"""Seconds that another client's clean request may take meanwhile; on a machine with other work."""
MAX_SENT = 48 * 1024 * 1024
SECONDS = 60.0
MEGABYTE = 1024 * 1024
OTHER = "api.mistral.ai"
"""The service that the other client asks."""

type Pieces = Callable[[], Iterable[bytes]]


class Height:
    """The most memory that the processes of a proxy held since this was made."""

    def __init__(self, proxy: PromptGuardProcess) -> None:
        first = psutil.Process(proxy.pid)
        self._folders = [Path("/proc") / str(each.pid) for each in (first, *first.children(recursive=True))]
        for folder in self._folders:
            (folder / "clear_refs").write_text("5")  # proc(5): resets the peak

    @property
    def bytes(self) -> int:
        heights = [0]
        for folder in self._folders:
            with contextlib.suppress(OSError):  # a worker that was replaced
                status = (folder / "status").read_text()
                heights.append(int(status.partition("VmHWM:")[2].split()[0]) * 1024)
        return max(heights)


class Neighbour(threading.Thread):
    """Another client, who asks one clean question after the other."""

    def __init__(self, attack: Attack) -> None:
        super().__init__(daemon=True)
        self._client, self._ended = attack.client, threading.Event()
        self.waits: list[float] = []
        self.statuses: set[int] = set()

    def run(self) -> None:
        while not self._ended.is_set():
            start = time.monotonic()
            self.statuses.add(self._client.exchange(request(chat("hello"), host=OTHER), host=OTHER).status)
            self.waits.append(time.monotonic() - start)
            self._ended.wait(0.2)

    def end(self) -> None:
        self._ended.set()
        self.join(40)


def arrived(attack: Attack) -> int:
    """Bytes at the service that are not the neighbour's."""
    return sum(len(heard.whole) for heard in attack.upstream.requests if heard.name != OTHER)


def flood(connection: ssl.SSLSocket, pieces: Iterable[bytes]) -> int:
    """Send until the other side has had enough; how much that took."""
    sent, deadline = 0, time.monotonic() + SECONDS
    connection.settimeout(SECONDS)
    with contextlib.suppress(OSError):
        for piece in pieces:
            if sent > MAX_SENT or time.monotonic() > deadline:
                break
            connection.sendall(piece)
            sent += len(piece)
    return sent


def endless(beginning: bytes, piece: bytes) -> Pieces:
    def pieces() -> Iterator[bytes]:
        yield beginning
        while True:
            yield piece

    return pieces
