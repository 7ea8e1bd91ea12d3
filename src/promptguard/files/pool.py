"""The worker processes: started when there is work for them, ended when there is none for long."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from promptguard.errors import NotRewritable
from promptguard.files.interface import Source
from promptguard.files.process import Edits, FilesProcess

_MAX_WAITING: Final = 200
_MAX_FILES: Final = 500
"""Files after which a worker is replaced: what libraries leak, and memory in pieces, goes with it."""
_IDLE_SECONDS: Final = 300.0


class Overloaded(Exception):
    """More files are waiting than may."""


class WorkerPool:
    """Up to so many workers, and the files for them in the order in which they came."""

    def __init__(
        self, workers: int, command: Sequence[str], seconds: float, *, idle_seconds: float = _IDLE_SECONDS
    ) -> None:
        """Workers are started by `command`; one that needs longer than `seconds` for a file is ended.

        One that had nothing to do for `idle_seconds` is ended too.
        """
        self._command = tuple(command)
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._free = asyncio.Semaphore(workers)
        self._waiting = 0
        self._idle: list[FilesProcess] = []
        self._busy: set[FilesProcess] = set()
        self._expiry: asyncio.TimerHandle | None = None
        self._endings: set[asyncio.Task[None]] = set()

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that are running now."""
        return [worker.pid for worker in (*self._idle, *self._busy) if worker.alive]

    async def read(self, source: Source, edits: Edits | None = None) -> bytes:
        """A worker's answer on a file, as JSON; or the file with these edits made.

        Raises:
            Overloaded: too many files are waiting.
            NotRewritable: the edits cannot be made.
            WorkerDied: no worker could be started, or the file was too much for it.
        """
        if self._waiting >= _MAX_WAITING:
            raise Overloaded
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self._read(source, edits)
        finally:
            self._free.release()

    async def _read(self, source: Source, edits: Edits | None) -> bytes:
        worker = await self._worker()
        self._busy.add(worker)
        try:
            answer = await worker.ask(source, self._seconds, edits)
        except NotRewritable:
            self._idle.append(worker)
            self._expire_later()
            raise
        except BaseException:  # also where nobody waits any more: the worker is in the middle of the file
            self._end(worker)
            raise
        finally:
            self._busy.discard(worker)
        if worker.files >= _MAX_FILES:
            self._end(worker)
        else:
            self._idle.append(worker)
            self._expire_later()
        return answer

    async def _worker(self) -> FilesProcess:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            self._end(worker)
        return await FilesProcess.launch(self._command)

    def _expire_later(self) -> None:
        if self._expiry:
            self._expiry.cancel()
        self._expiry = asyncio.get_running_loop().call_later(self._idle_seconds, self._expire)

    def _expire(self) -> None:
        while self._idle:
            self._end(self._idle.pop())

    def _end(self, worker: FilesProcess) -> None:
        """End a worker without waiting for it."""
        task = asyncio.get_running_loop().create_task(worker.kill())
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)

    async def stop(self) -> None:
        """End all workers."""
        if self._expiry:
            self._expiry.cancel()
        self._expire()
        for worker in tuple(self._busy):
            self._end(worker)
        await asyncio.gather(*self._endings, return_exceptions=True)
