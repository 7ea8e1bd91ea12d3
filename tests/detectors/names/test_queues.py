"""What a worker is given in one turn, and whose turn it is, without workers."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from promptguard.detectors.names.asked import Asked, Lane
from promptguard.detectors.names.process import NamesProcess
from promptguard.detectors.names.queues import Job, LaneQueue, Search

TURN = 10


class Worker:
    """As much of a worker as a queue asks of one."""

    def __init__(self, *, busy: bool = False) -> None:
        self.busy = busy


def worker(*, busy: bool = False) -> NamesProcess:
    return cast(NamesProcess, Worker(busy=busy))


def search(lane: LaneQueue, *lengths: int) -> Search:
    """A request with texts of these lengths."""
    request = Search(asyncio.get_running_loop().create_future())
    for number, length in enumerate(lengths):
        job = Job(f"{id(request)} {number}".encode(), Asked("x" * length), Lane.SHORT)
        job.searches.add(request)
        request.missing[job.key] = job
        request.queues[Lane.SHORT].append(job)
        lane.add(job)
    lane.enlist(request)
    return request


async def turns(lane: LaneQueue, count: int) -> list[list[int]]:
    return [[job.characters for job in await lane.take(worker())] for _ in range(count)]


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([3, 3, 3], [[3, 3, 3]]),
        ([3, 8, 2], [[3], [8, 2]]),
        ([50, 1], [[50], [1]]),
        ([10, 10], [[10], [10]]),
    ],
)
async def test_a_turn_is_as_much_as_fits_and_at_least_one_text(lengths: list[int], expected: list[list[int]]) -> None:
    lane = LaneQueue(Lane.SHORT, TURN)
    search(lane, *lengths)
    assert (lane.jobs, lane.characters) == (len(lengths), sum(lengths))
    assert await turns(lane, len(expected)) == expected
    assert (lane.jobs, lane.characters) == (0, 0)


async def test_requests_take_turns() -> None:
    lane = LaneQueue(Lane.SHORT, TURN)
    search(lane, 9, 9, 9)
    search(lane, 1, 2)
    assert await turns(lane, 4) == [[9], [1, 2], [9], [9]]


async def test_what_was_tried_before_goes_first_and_alone() -> None:
    lane = LaneQueue(Lane.SHORT, TURN)
    search(lane, 1, 2, 3)
    first, second, _ = jobs = await lane.take(worker())
    for job in jobs:
        job.attempts += 1
    for job in (second, first):
        lane.put_back(job)
    assert await turns(lane, 2) == [[1], [2]]


async def test_what_is_given_up_is_passed_over() -> None:
    lane = LaneQueue(Lane.SHORT, TURN)
    gone = search(lane, 4)
    search(lane, 5)
    gone.queues[Lane.SHORT].clear()
    assert await turns(lane, 1) == [[5]]


async def test_an_idle_worker_takes_what_comes_before_a_busy_one() -> None:
    lane = LaneQueue(Lane.SHORT, TURN)
    busy, idle = (asyncio.create_task(lane.take(worker(busy=each))) for each in (True, False))
    await asyncio.sleep(0)
    search(lane, 1)
    assert [job.characters for job in await idle] == [1]
    assert not busy.done()
    search(lane, 2)
    assert [job.characters for job in await busy] == [2]


async def test_what_a_worker_was_wakened_for_that_is_ended_goes_to_another_one() -> None:
    lane = LaneQueue(Lane.SHORT, TURN)
    ended, other = (asyncio.create_task(lane.take(worker(busy=each))) for each in (False, True))
    await asyncio.sleep(0)
    search(lane, 1)
    ended.cancel()
    assert [job.characters for job in await other] == [1]
    waiting = asyncio.create_task(lane.take(worker()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    search(lane, 2)
    assert await turns(lane, 1) == [[2]]


async def test_how_long_others_come_first_is_told_by_the_pace_of_what_was_done() -> None:
    lane = LaneQueue(Lane.SHORT, TURN)
    search(lane, *[9] * 100)
    search(lane, 5)
    assert lane.seconds_before(5) == 0.0  # nothing is known yet
    lane.took(1.0, 10)
    assert lane.seconds_before(5) == pytest.approx(2 * TURN * 0.1)  # one turn of each of the two
    assert lane.seconds_before(100_000) == pytest.approx(905 * 0.1)  # all that waits
