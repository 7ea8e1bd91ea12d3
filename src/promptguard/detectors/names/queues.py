"""What waits for the names workers: in each lane the requests take turns, and each turn is one message to a worker."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from promptguard.detectors.names.asked import Asked, Lane
from promptguard.detectors.names.process import NamesProcess
from promptguard.detectors.names.spans import Span

_KEPT: Final = 0.95
"""How much the times before the last one count in the pace."""


class Job:
    """One text to be looked at, for all requests that have it."""

    __slots__ = ("asked", "attempts", "key", "lane", "running", "searches")

    def __init__(self, key: bytes, asked: Asked, lane: Lane) -> None:
        self.key = key
        self.asked = asked
        self.lane = lane
        self.searches: set[Search] = set()
        self.running = False
        self.attempts = 0

    @property
    def characters(self) -> int:
        """The length of its text."""
        return len(self.asked.text)


class Search:
    """One caller of `NamesWorkers.run`."""

    __slots__ = ("done", "enlisted", "missing", "queues", "results")

    def __init__(self, done: asyncio.Future[None]) -> None:
        self.done = done
        self.queues: dict[Lane, deque[Job]] = {lane: deque() for lane in Lane}
        """What no worker has taken yet. May hold jobs that were taken for another request."""
        self.missing: dict[bytes, Job] = {}
        self.results: dict[bytes, tuple[Span, ...]] = {}
        self.enlisted: set[LaneQueue] = set()
        """In which lanes it is in the round of requests that have something queued."""


class LaneQueue:
    """What waits in one lane of all workers."""

    def __init__(self, lane: Lane, turn: int) -> None:
        """A queue in which each request's turn is `turn` characters, and at least one text."""
        self._lane = lane
        self._turn = turn
        self.jobs = 0
        """Texts that wait."""
        self.characters = 0
        """Characters that wait."""
        self._empty = asyncio.Event()
        self._empty.set()
        self._round: deque[Search] = deque()
        self._idle: list[tuple[NamesProcess, asyncio.Future[None]]] = []
        self._seconds = 0.0
        self._done = 0.0
        """Seconds and characters of the texts before, the older ones counting less."""

    def add(self, job: Job) -> None:
        """Count a job as waiting."""
        self.jobs += 1
        self.characters += job.characters
        self._empty.clear()

    def remove(self, job: Job) -> None:
        """Count a job as waiting no more."""
        self.jobs -= 1
        self.characters -= job.characters
        if not self.jobs:
            self._empty.set()

    async def emptied(self) -> None:
        """Return when nothing waits."""
        await self._empty.wait()

    def put_back(self, job: Job) -> None:
        """Queue a job again that was running, before all others of its requests."""
        job.running = False
        self.add(job)
        for search in job.searches:
            search.queues[self._lane].appendleft(job)
            self.enlist(search)

    def enlist(self, search: Search) -> None:
        """Give a request a place in the round, if it has something queued and none yet."""
        if search.queues[self._lane] and self not in search.enlisted:
            search.enlisted.add(self)
            self._round.append(search)
            self._wake()

    def seconds_before(self, characters: int) -> float:
        """Seconds for which one worker works on others' texts before it is done with a request of so many characters.

        It has one turn in a round, as each has.
        """
        return self.seconds_for(min(self.characters, len(self._round) * max(characters, self._turn)))

    def seconds_for(self, characters: int) -> float:
        """Seconds that a worker takes for so many characters, by the texts before; 0 where there were none."""
        return characters * self._seconds / self._done if self._done else 0.0

    def took(self, seconds: float, characters: int) -> None:
        """Learn how long a worker took."""
        self._seconds = self._seconds * _KEPT + seconds
        self._done = self._done * _KEPT + characters

    async def take(self, worker: NamesProcess) -> list[Job]:
        """The next turn: jobs of the request whose turn it is, for a worker which is idle in this lane."""
        while True:
            while self._round:
                search = self._round.popleft()
                search.enlisted.discard(self)
                if jobs := self._turn_of(search):
                    self.enlist(search)
                    return jobs
            wakened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._idle.append((worker, wakened))
            try:
                await wakened
            except asyncio.CancelledError:
                if wakened.cancelled():
                    self._idle.remove((worker, wakened))
                else:  # what it was wakened for is for another one
                    self._wake()
                raise

    def _turn_of(self, search: Search) -> list[Job]:
        """What a request has in one turn. A text that was tried before goes alone: it may have ended a worker."""
        queue = search.queues[self._lane]
        jobs: list[Job] = []
        length = 0
        while queue:
            job = queue[0]
            if not job.running and job.key in search.missing:
                if jobs and (job.attempts or length + job.characters > self._turn):
                    break
                jobs.append(job)
                length += job.characters
                job.running = True
                self.remove(job)
            queue.popleft()
            if jobs and jobs[-1].attempts:
                break
        return jobs

    def _wake(self) -> None:
        """Have a worker take what is there: one that does nothing in its other lane, if there is one."""
        if self._idle and self._round:
            chosen = min(self._idle, key=lambda idle: idle[0].busy)
            self._idle.remove(chosen)
            chosen[1].set_result(None)
