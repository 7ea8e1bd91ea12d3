"""The queue before the worker processes: bounded by work, fair between requests, each text computed once."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Mapping, Sequence
from typing import Final

from promptguard.detectors.names.asked import Asked, Lane, lane_of
from promptguard.detectors.names.inference_server.report import ServerReport
from promptguard.detectors.names.process import COMMAND, NamesProcess, NamesWorkerDied
from promptguard.detectors.names.queues import Job, LaneQueue, Search
from promptguard.detectors.names.spans import ModelUnusable, Span
from promptguard.errors import ScanFailed
from promptguard.reasons import Code

logger = logging.getLogger(__name__)

_ATTEMPTS: Final = 2
"""How often a text is tried: a worker that ends may not have been the text's fault."""

_FIRST_PAUSE: Final = 0.1
_MAX_PAUSE_LENGTH: Final = 10.0
"""Seconds before an ended worker is replaced; doubled each time until one has answered again."""

_DOUBT: Final = 1.5
"""How many times as long as it may a request must be expected to take to be refused: nobody knows how long it takes."""

_ENDED: Final = NamesWorkerDied(Code.NAMES_WORKER_ENDED)


class NamesWorkers:
    """Worker processes and the jobs for them. Requests take turns, in each lane by itself."""

    def __init__(
        self,
        workers: int,
        *,
        queue_limit: int,
        turn: int = 1,
        wait_limit: float = 10.0,
        time_limit: float = math.inf,
        job_limit: float = 20.0,
        start_limit: float = 60.0,
        command: Sequence[str] = COMMAND,
    ) -> None:
        """A pool of `workers` processes.

        Args:
            workers: processes, each with two lanes.
            queue_limit: characters of several requests that may wait.
            turn: characters of a request that go to a worker in one message before it is another one's turn; one
                text at least.
            wait_limit: seconds that a request may be held up by what others have queued, as far as can be told from
                the texts before.
            time_limit: seconds that a request has for its own texts. One that is sure to take longer, as far as can be
                told from the texts before, is refused at once.
            job_limit: seconds after which a worker that does not answer is ended.
            start_limit: seconds after which a worker that does not get ready is ended.
            command: starts a worker.
        """
        if workers < 1:
            raise ValueError("a names pool needs at least one worker")
        self._size = workers
        self._queue_limit = queue_limit
        self._wait_limit = wait_limit
        self._time_limit = time_limit
        self._job_limit = job_limit
        self._start_limit = start_limit
        self._command = tuple(command)
        self._jobs: dict[bytes, Job] = {}
        self._lanes = {lane: LaneQueue(lane, turn) for lane in Lane}
        self._tasks: list[asyncio.Task[None]] = []
        self._workers: dict[int, NamesProcess] = {}
        self.refused = 0
        """How many requests were told that too much waits already."""
        self._server_before = ServerReport()
        """What workers said of a server that are gone."""
        self._closed = False
        self._starting = asyncio.Lock()

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that are running now."""
        return [worker.pid for worker in self._workers.values() if worker.alive]

    @property
    def server(self) -> ServerReport:
        """What the workers said of the server that runs their model, where there is one."""
        return sum((worker.server for worker in self._workers.values()), self._server_before)

    @property
    def queued(self) -> int:
        """How many texts wait for a worker."""
        return sum(lane.jobs for lane in self._lanes.values())

    @property
    def queued_characters(self) -> int:
        """How many characters wait for a worker."""
        return sum(lane.characters for lane in self._lanes.values())

    async def emptied(self) -> None:
        """Return when no text waits for a worker."""
        while self.queued:
            for lane in self._lanes.values():
                await lane.emptied()

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

    async def run(self, texts: Mapping[bytes, Asked]) -> dict[bytes, tuple[Span, ...]]:
        """The spans of each text, under its key. Equal keys mean equal texts, in other requests too.

        Cancelling it takes its texts out of the queue.

        Raises:
            ScanFailed: too much waits already, it is too much itself, a text failed, or the pool is stopped.
        """
        if self._closed:
            raise ScanFailed(Code.NAMES_STOPPED)
        if not texts:
            return {}
        self._admit(texts)
        search = Search(asyncio.get_running_loop().create_future())
        for key, asked in texts.items():
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = Job(key, asked, lane_of(asked))
                self._lanes[job.lane].add(job)
            job.searches.add(search)
            search.missing[key] = job
            if not job.running:
                search.queues[job.lane].append(job)
        for lane in self._lanes.values():
            lane.enlist(search)
        try:
            await search.done
        finally:
            self._drop(search)
        return search.results

    def _admit(self, texts: Mapping[bytes, Asked]) -> None:
        """Raise `ScanFailed` where more would wait than may, others would hold the request up for too long, or it would
        itself take too long."""
        seconds = self._seconds_alone([asked for key, asked in texts.items() if key not in self._jobs])
        if seconds > self._time_limit * _DOUBT:
            raise ScanFailed(Code.NAMES_TOO_MUCH_TEXT, seconds=math.ceil(seconds))
        more = dict.fromkeys(Lane, 0)
        for key, asked in texts.items():
            if key not in self._jobs:
                more[lane_of(asked)] += len(asked.text)
        held_up = max(
            self._lanes[lane].seconds_before(characters) / self._size if characters else 0.0
            for lane, characters in more.items()
        )
        # One that is alone is never too much: sent again, it would be as long.
        waiting = self.queued_characters
        full = bool(waiting) and waiting + sum(more.values()) > self._queue_limit
        if full:
            held_up = max(lane.seconds_before(waiting) / self._size for lane in self._lanes.values())
        if full or held_up > self._wait_limit:
            self.refused += 1
            raise ScanFailed(Code.NAMES_OVERLOADED, seconds=max(1, math.ceil(held_up)))

    def _seconds_alone(self, texts: Sequence[Asked]) -> float:
        """Seconds that the texts of a request take where no others wait: each is one worker's."""
        each = [self._lanes[lane_of(asked)].seconds_for(len(asked.text)) for asked in texts]
        return max(max(each, default=0.0), sum(each) / self._size)

    def _drop(self, search: Search) -> None:
        """Forget a request, and the queued jobs that nobody else waits for."""
        for queue in search.queues.values():
            queue.clear()
        for job in search.missing.values():
            job.searches.discard(search)
            if not job.searches and not job.running and self._jobs.get(job.key) is job:
                del self._jobs[job.key]
                self._lanes[job.lane].remove(job)
        search.missing.clear()

    def _put_back(self, jobs: Sequence[Job], error: ScanFailed) -> None:
        """Queue jobs again whose worker is gone, before all others; those that were tried often enough fail."""
        for job in reversed(jobs):
            if job.attempts >= _ATTEMPTS:
                self._fail(job, error)
            elif job.searches:
                self._lanes[job.lane].put_back(job)
            else:
                job.running = False
                self._jobs.pop(job.key, None)

    def _finish(self, job: Job, spans: tuple[Span, ...]) -> None:
        self._jobs.pop(job.key, None)
        for search in job.searches:
            search.results[job.key] = spans
            del search.missing[job.key]
            if not search.missing and not search.done.done():
                search.done.set_result(None)

    def _fail(self, job: Job, error: ScanFailed) -> None:
        self._jobs.pop(job.key, None)
        if not job.running:
            self._lanes[job.lane].remove(job)
        for search in list(job.searches):
            del search.missing[job.key]
            if not search.done.done():
                # One exception object for each waiter: raising adds a traceback to it.
                search.done.set_exception(ScanFailed(error.reason))

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
                    await self._work(worker)
                finally:
                    del self._workers[number]
                    self._server_before += worker.server.with_open(False)
                    await worker.kill()
                failures = 0 if worker.answered else failures
                logger.warning("names worker %d ended and is started again", number)
            failures += 1
            await asyncio.sleep(min(_FIRST_PAUSE * 2 ** (failures - 1), _MAX_PAUSE_LENGTH))

    async def _work(self, worker: NamesProcess) -> None:
        """Give jobs to a worker, in both lanes, until it ends."""
        assert worker.reading is not None  # it is ready
        lanes = [asyncio.create_task(self._work_in(lane, worker)) for lane in Lane]
        try:
            await asyncio.wait([*lanes, worker.reading], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in lanes:
                task.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)

    async def _work_in(self, number: Lane, worker: NamesProcess) -> None:
        lane = self._lanes[number]
        while True:
            jobs = await lane.take(worker)
            if not worker.answers:  # it ended while idle: not these jobs' doing
                self._put_back(jobs, _ENDED)
                return
            for job in jobs:
                job.attempts += 1
            asked = time.monotonic()
            try:
                found = await worker.ask([job.asked for job in jobs], number, self._job_limit)
            except NamesWorkerDied as error:
                self._put_back(jobs, error)
                return
            except BaseException as error:
                self._put_back(jobs, _ENDED)
                if not isinstance(error, Exception):
                    raise
                logger.error("a names worker could not be asked: %s", type(error).__name__)
                return
            lane.took(time.monotonic() - asked, sum(job.characters for job in jobs))
            for job, spans in zip(jobs, found, strict=True):
                if isinstance(spans, ScanFailed):
                    self._fail(job, spans)
                else:
                    self._finish(job, spans)
