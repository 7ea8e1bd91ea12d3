"""A console as a process, as `promptguard run` starts it, and somebody who is signed in and looks at its pages."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil

from promptguard.review.roles import Role
from promptguard.workers.process import command_of

PASSWORD = "-".join(("of", "this", "benchmark", "alone"))


class Visitor:
    """Somebody with all roles, and the process whose pages they see."""

    def __init__(self, client: httpx.Client, process: psutil.Process, server: psutil.Process | None) -> None:
        self._client = client
        self._process = process
        self._server = server
        self._used: dict[int, float] = {}
        """Milliseconds by process; of one that has ended, as they were last."""

    def get(self, path: str) -> float:
        """Ask for a page and read it whole; milliseconds."""
        started = time.perf_counter()
        answer = self._client.get(path)
        took = (time.perf_counter() - started) * 1000
        answer.raise_for_status()
        return took

    def text(self, path: str) -> str:
        """A page."""
        return self._client.get(path).raise_for_status().text

    def begin(self, path: str) -> float:
        """Ask for a file and read its first bytes; milliseconds."""
        started = time.perf_counter()
        with self._client.stream("GET", path) as answer:
            answer.raise_for_status()
            next(answer.iter_raw())
            return (time.perf_counter() - started) * 1000

    def download(self, path: str) -> tuple[int, float]:
        """Take a file whole; bytes and seconds."""
        started, size = time.perf_counter(), 0
        with self._client.stream("GET", path) as answer:
            answer.raise_for_status()
            for piece in answer.iter_raw():
                size += len(piece)
        return size, time.perf_counter() - started

    @property
    def cpu(self) -> float:
        """What the console, and its database's server, have used so far, in milliseconds."""
        for each in [self._process, *([self._server, *self._server.children()] if self._server else [])]:
            with suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                self._used[each.pid] = (times.user + times.system) * 1000
        return sum(self._used.values())

    @property
    def memory(self) -> float:
        """Of the console now, resident, in MB."""
        return self._process.memory_info().rss / 2**20

    @property
    def most_memory(self) -> float:
        """The most that it has had so far, where the system tells it (Linux), in MB."""
        status = Path(f"/proc/{self._process.pid}/status")
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text("ascii")) if status.exists() else None
        return int(found[1]) / 1024 if found else self.memory


@contextmanager
def signed_in(config: Path, data: Path, server: int | None = None) -> Iterator[Visitor]:
    """Start a console, and make the first account.

    Args:
        server: the process id of its database's server.
    """
    folders = ("--config", str(config), "--data", str(data))
    command = [*command_of("promptguard.console"), *folders, "--listen", "127.0.0.1:0", "--until-closed"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            found = re.search(r"(https?://[^/\s]+)/set-up\?link=(\S+)", process.stdout.readline())
            if found is None:
                raise RuntimeError("The console did not start: see above.")
            with httpx.Client(base_url=found[1], headers={"origin": found[1]}, timeout=600) as client:
                form = {"link": found[2], "name": "Ann", "password": PASSWORD, "again": PASSWORD, "role": list(Role)}
                client.post("/set-up", data=form)
                yield Visitor(client, psutil.Process(process.pid), psutil.Process(server) if server else None)
        finally:
            process.stdin.close()
