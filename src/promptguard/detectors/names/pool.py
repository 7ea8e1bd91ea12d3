"""The queue before the worker processes: bounded, fair between requests, each text computed once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Mapping, Sequence

from promptguard.detectors.names.process import COMMAND, NamesProcess, NamesWorkerDied
from promptguard.detectors.names.spans import ModelUnusable, Span
from promptguard.errors import ScanFailed
from promptguard.reasons import Code

logger = logging.getLogger(__name__)

_ATTEMPTS = 2
"""How often a text is tried: a worker that ends may not have been the text's fault."""

_FIRST_PAUSE = 0.1
_MAX_PAUSE_LENGTH = 10.0
"""Seconds before an ended worker is replaced; doubled each time until one has answered again."""


_PACE_WEIGHT = 0.05
"""How much the last text counts in the average time of one."""


class _Job:
    """One text to be looked at, for all requests that have it."""

    __slots__ = ("attempts", "key", "requests", "running", "text")

    def __init__(self, key: bytes, text: str) -> None:
        self.key = key
        self.text = text
        self.requests: set[_Request] = set()
        self.running = False
        self.attempts = 0


class _Request:
    """One caller of `NamesWorkers.run`."""

    __slots__ = ("done", "listed", "missing", "queue", "results")

    def __init__(self, done: asyncio.Future[None]) -> None:
        self.done = done
        self.queue: deque[_Job] = deque()
        """What no worker has taken yet. May hold jobs that were taken for another request."""
        self.missing: dict[bytes, _Job] = {}
        self.results: dict[bytes, tuple[Span, ...]] = {}
        self.listed = False
        """Whether it is in the round of requests that have something queued."""


class NamesWorkers:
    """Worker processes and the jobs for them. Requests take turns, one text each."""

    def __init__(
        self,
        workers: int,
        *,
        queue_limit: int,
        wait_limit: float = 10.0,
        job_limit: float = 20.0,
        start_limit: float = 60.0,
        command: Sequence[str] = COMMAND,
    ) -> None:
        """A pool of `workers` processes.

        `queue_limit` is how many texts may wait, `wait_limit` how many seconds a request may be held up by what others
        have queued, as far as can be told from the texts before; `job_limit` and `start_limit` are seconds after which
        a worker that does not answer, or does not get ready, is ended; `command` starts one.
        """
        if workers < 1:
            raise ValueError("a names pool needs at least one worker")
        self._size = workers
        self._queue_limit = queue_limit
        self._wait_limit = wait_limit
        self._pace = 0.0
        """Seconds that a text takes, averaged over the last ones; 0 while none was timed."""
        self._job_limit = job_limit
        self._start_limit = start_limit
        self._command = tuple(command)
        self._jobs: dict[bytes, _Job] = {}
        self._round: deque[_Request] = deque()
        self._queued = 0
        self._filled = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._workers: dict[int, NamesProcess] = {}
        self._closed = False
        self._starting = asyncio.Lock()

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that are running now."""
        return [worker.pid for worker in self._workers.values() if worker.alive]

    @property
    def queued(self) -> int:
        """How many texts wait for a worker."""
        return self._queued

    async def start(self) -> None:
        """Launch the workers and wait until all are ready; whoever calls it meanwhile waits as well.

        Raises:
            ScanFailed: one did not get ready; none runs then.
            ModelUnusable: no worker can use its model.
        """
        async with self._starting:
            if not self._tasks:
                await self._start()

    async def _start(self) -> None:
        self._closed = False
        loop = asyncio.get_running_loop()
        ready = [loop.create_future() for _ in range(self._size)]
        self._tasks = [asyncio.create_task(self._serve(number, future)) for number, future in enumerate(ready)]
        try:
            await asyncio.gather(*ready)
        except BaseException:
            for future in ready:
                if future.done() and not future.cancelled():
                    future.exception()
            await self.stop()
            raise

    async def stop(self) -> None:
        """End the workers; whoever still waits gets `ScanFailed`."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for job in list(self._jobs.values()):
            self._fail(job, ScanFailed(Code.NAMES_STOPPED))

    async def run(self, texts: Mapping[bytes, str]) -> dict[bytes, tuple[Span, ...]]:
        """The spans of each text, under its key. Equal keys mean equal texts, in other requests too.

        Cancelling it takes its texts out of the queue.

        Raises:
            ScanFailed: the queue is full, a text failed, or the pool is stopped.
        """
        if self._closed:
            raise ScanFailed(Code.NAMES_STOPPED)
        if not texts:
            return {}
        if self._queued + sum(key not in self._jobs for key in texts) > self._queue_limit:
            raise ScanFailed(Code.NAMES_OVERLOADED)
        if self._held_up(len(texts)) > self._wait_limit:
            raise ScanFailed(Code.NAMES_OVERLOADED)
        request = _Request(asyncio.get_running_loop().create_future())
        for key, text in texts.items():
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = _Job(key, text)
                self._queued += 1
            job.requests.add(request)
            request.missing[key] = job
            if not job.running:
                request.queue.append(job)
        self._list(request)
        try:
            await request.done
        finally:
            self._drop(request)
        return request.results

    def _held_up(self, texts: int) -> float:
        """Seconds that others' texts will come before those of a request: it has one turn in a round, as each has."""
        before = min(self._queued, len(self._round) * texts)
        return before * self._pace / self._size

    def _list(self, request: _Request) -> None:
        if request.queue and not request.listed:
            request.listed = True
            self._round.append(request)
            self._filled.set()

    def _drop(self, request: _Request) -> None:
        """Forget a request, and the queued jobs that nobody else waits for."""
        request.queue.clear()
        for job in request.missing.values():
            job.requests.discard(request)
            if not job.requests and not job.running and self._jobs.get(job.key) is job:
                del self._jobs[job.key]
                self._queued -= 1
        request.missing.clear()

    async def _next(self) -> _Job:
        """The next job of the request whose turn it is."""
        while True:
            while self._round:
                request = self._round.popleft()
                request.listed = False
                while request.queue:
                    job = request.queue.popleft()
                    if not job.running and job.key in request.missing:
                        self._list(request)
                        job.running = True
                        self._queued -= 1
                        return job
            self._filled.clear()
            await self._filled.wait()

    def _put_back(self, job: _Job) -> None:
        """Queue a job again whose worker is gone, before all others."""
        job.running = False
        if not job.requests:
            self._jobs.pop(job.key, None)
            return
        self._queued += 1
        for request in job.requests:
            request.queue.appendleft(job)
            self._list(request)

    def _finish(self, job: _Job, spans: tuple[Span, ...]) -> None:
        self._jobs.pop(job.key, None)
        for request in job.requests:
            request.results[job.key] = spans
            del request.missing[job.key]
            if not request.missing and not request.done.done():
                request.done.set_result(None)

    def _fail(self, job: _Job, error: ScanFailed) -> None:
        self._jobs.pop(job.key, None)
        if not job.running:
            self._queued -= 1
        for request in list(job.requests):
            del request.missing[job.key]
            if not request.done.done():
                # One exception object for each waiter: raising adds a traceback to it.
                request.done.set_exception(ScanFailed(error.reason))

    async def _serve(self, number: int, ready: asyncio.Future[None]) -> None:
        """Keep one worker running and busy."""
        failures = 0
        while True:
            try:
                worker = await NamesProcess.launch(self._command, self._start_limit)
            except (ScanFailed, ModelUnusable) as error:
                if not ready.done():
                    ready.set_exception(error)
                    return
                logger.error("names worker %d did not start: %s", number, error)
            else:
                self._workers[number] = worker
                if not ready.done():
                    ready.set_result(None)
                try:
                    failures = 0 if await self._work(worker) else failures
                finally:
                    del self._workers[number]
                    await worker.kill()
                logger.warning("names worker %d ended and is started again", number)
            failures += 1
            await asyncio.sleep(min(_FIRST_PAUSE * 2 ** (failures - 1), _MAX_PAUSE_LENGTH))

    async def _work(self, worker: NamesProcess) -> bool:
        """Give jobs to a worker until it ends; whether it has answered any."""
        answered = False
        while True:
            job = await self._next()
            if not worker.alive:  # it ended while idle: not this job's doing
                self._put_back(job)
                return answered
            job.attempts += 1
            asked = time.monotonic()
            try:
                spans = await worker.ask(job.text, self._job_limit)
            except NamesWorkerDied as error:
                if job.attempts < _ATTEMPTS:
                    self._put_back(job)
                else:
                    self._fail(job, error)
                return answered
            except ScanFailed as error:
                self._fail(job, error)
            else:
                self._finish(job, spans)
                took = time.monotonic() - asked
                self._pace += (took - self._pace) * (_PACE_WEIGHT if self._pace else 1.0)
            answered = True
