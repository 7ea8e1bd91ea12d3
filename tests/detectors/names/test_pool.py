"""The pool with a stand-in for the worker: it numbers its answers, and ends or hangs on command."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import psutil
import pytest

from promptguard.detectors.names.asked import LONG_FROM, Asked
from promptguard.detectors.names.pool import NamesWorkers
from promptguard.detectors.names.spans import ModelUnusable
from promptguard.errors import ScanFailed

STAND_IN = """
import os, sys, time
from pathlib import Path
from promptguard.workers.frames import frame, read_frame
folder = Path(sys.argv[1])
if (folder / "unusable").exists():
    sys.stdout.buffer.write(frame({"unusable": "No model here."})); sys.stdout.flush(); sys.exit(1)
if (folder / "broken").exists():
    sys.exit(3)
sys.stdout.buffer.write(frame({"ready": True})); sys.stdout.flush()
answers = 0
def answer(text):
    global answers
    if text == "end":
        os._exit(3)
    if text == "end once" and not (folder / "ended").exists():
        (folder / "ended").touch(); os._exit(3)
    if text == "hang":
        time.sleep(3600)
    if text.startswith("slow"):
        time.sleep(0.05)
    if text == "fail":
        return "ValueError"
    answers += 1
    return [[0, answers, "PERSON", 0.5, f"{text[:20]} of {size} in {lane}"]]
while (question := read_frame(sys.stdin.buffer)) is not None:
    lane, texts = question
    size = len(texts)
    answers_of_all = [answer(text) for text, whole, seldom_prose in texts]
    if texts[0][0] == "half" and not (folder / "halved").exists():
        (folder / "halved").touch(); answers_of_all = []
    sys.stdout.buffer.write(frame([lane, answers_of_all]))
    sys.stdout.flush()
"""


def make(
    folder: Path,
    workers: int = 1,
    queue_limit: int = 1000,
    job_limit: float = 20.0,
    wait_limit: float = 10.0,
    turn: int = 1,
    time_limit: float = 60.0,
) -> NamesWorkers:
    script = folder / "worker.py"
    script.write_text(STAND_IN)
    return NamesWorkers(
        workers,
        queue_limit=queue_limit,
        job_limit=job_limit,
        wait_limit=wait_limit,
        turn=turn,
        time_limit=time_limit,
        command=(sys.executable, str(script), str(folder)),
    )


def texts(*contents: str) -> dict[bytes, Asked]:
    return {content.encode(): Asked(content) for content in contents}


async def order(pool: NamesWorkers, contents: Sequence[str]) -> list[int]:
    """When each text was answered, counted over all requests."""
    found = await pool.run(texts(*contents))
    return [found[content.encode()][0].end for content in contents]


async def settle() -> None:
    """Let tasks that can run do so."""
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[NamesWorkers]:
    pool = make(tmp_path)
    yield pool
    await pool.stop()


async def test_each_text_is_answered_under_its_key(pool: NamesWorkers) -> None:
    await pool.start()
    found = await pool.run(texts("a", "b", "c"))
    assert {key: spans[0].recognizer for key, spans in found.items()} == {
        b"a": "a of 1 in 0",
        b"b": "b of 1 in 0",
        b"c": "c of 1 in 0",
    }
    assert await pool.run({}) == {}
    assert pool.queued == 0


async def test_requests_take_turns(pool: NamesWorkers) -> None:
    large = asyncio.create_task(order(pool, [f"large {number}" for number in range(20)]))
    await settle()
    small = asyncio.create_task(order(pool, ["small 1", "small 2"]))
    await settle()
    await pool.start()
    assert await small == [2, 4]
    assert await large == [1, 3, *range(5, 23)]


async def test_a_text_of_two_requests_is_looked_at_once_and_at_the_earlier_turn(pool: NamesWorkers) -> None:
    large = asyncio.create_task(order(pool, [*"abcdefgh", "shared"]))
    await settle()
    small = asyncio.create_task(order(pool, ["shared"]))
    await settle()
    assert pool.queued == 9
    await pool.start()
    assert await small == [2]
    assert await large == [1, 3, 4, 5, 6, 7, 8, 9, 2]


async def test_texts_of_a_request_go_in_one_message_and_long_ones_in_a_lane_of_their_own(tmp_path: Path) -> None:
    pool = make(tmp_path, turn=100, queue_limit=100_000)
    await pool.start()
    found = await pool.run(texts("a", "b", "c", "x" * LONG_FROM))
    assert sorted(spans[0].recognizer for spans in found.values()) == [
        "a of 3 in 0",
        "b of 3 in 0",
        "c of 3 in 0",
        f"{'x' * 20} of 1 in 1",
    ]
    await pool.stop()


async def test_of_texts_in_one_message_only_the_one_that_ends_workers_fails(tmp_path: Path) -> None:
    pool = make(tmp_path, turn=100)
    await pool.start()
    assert set(await pool.run(texts("a", "end once", "b"))) == {b"a", b"end once", b"b"}
    with pytest.raises(ScanFailed, match=r"names\.worker_ended"):
        await pool.run(texts("a", "end", "b"))
    with pytest.raises(ScanFailed, match=r"names\.model_failed"):
        await pool.run(texts("a", "fail"))
    assert set(await pool.run(texts("a"))) == {b"a"}
    await pool.stop()


async def test_more_workers_share_the_queue(tmp_path: Path) -> None:
    pool = make(tmp_path, workers=2)
    await pool.start()
    try:
        assert len(pool.pids) == 2
        assert sorted(await order(pool, list("abcdefgh")))[-1] <= 8
    finally:
        await pool.stop()


async def test_a_full_queue_refuses_at_once_and_keeps_what_it_has(tmp_path: Path) -> None:
    pool = make(tmp_path, queue_limit=3)
    waiting = asyncio.create_task(pool.run(texts("a", "b")))
    await settle()
    with pytest.raises(ScanFailed, match=r"names\.overloaded"):
        await pool.run(texts("c", "d"))
    known = asyncio.create_task(pool.run(texts("a", "b", "c")))  # two of them are queued already
    await settle()
    assert pool.queued == 3
    await pool.start()
    assert set(await waiting) == {b"a", b"b"}
    assert set(await known) == {b"a", b"b", b"c"}
    await pool.stop()


async def test_what_is_longer_than_the_queue_is_served_alone(tmp_path: Path) -> None:
    pool = make(tmp_path, queue_limit=3)
    await pool.start()
    assert set(await pool.run(texts("longer", "than it"))) == {b"longer", b"than it"}
    await pool.stop()


async def test_what_cannot_be_done_in_time_is_refused_at_once(tmp_path: Path) -> None:
    pool = make(tmp_path, time_limit=1e-6)
    await pool.start()
    assert set(await pool.run(texts("slow first"))) == {b"slow first"}  # nobody knows yet how long it takes
    with pytest.raises(ScanFailed, match=r"names\.too_much_text seconds=1"):
        await pool.run(texts("slow second"))
    assert pool.queued == 0
    assert pool.refused == 0
    await pool.stop()


async def test_who_would_wait_too_long_for_others_is_told_at_once(tmp_path: Path) -> None:
    pool = make(tmp_path, wait_limit=0.2)
    await pool.start()
    many = texts(*(f"slow {number}" for number in range(20)))
    await pool.run(many)  # twenty of its own are nobody else's: it waits for as long as they take
    found = await asyncio.gather(
        *(pool.run(texts(f"slow {name}")) for name in "abcdefghijklmnop"), return_exceptions=True
    )
    refused = [isinstance(each, ScanFailed) and str(each.reason) == "names.overloaded seconds=1" for each in found]
    assert not refused[0] and refused[-1]
    assert refused == sorted(refused)  # those that came first are served
    assert await pool.run(texts("slow p"))
    await pool.stop()


async def test_a_cancelled_request_leaves_the_queue(pool: NamesWorkers) -> None:
    cancelled = asyncio.create_task(pool.run(texts("a", "b", "shared")))
    kept = asyncio.create_task(order(pool, ["shared"]))
    await settle()
    assert pool.queued == 3
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert pool.queued == 1
    await pool.start()
    assert await kept == [1]
    assert await order(pool, ["a"]) == [2]


async def test_it_is_told_when_nothing_waits(pool: NamesWorkers) -> None:
    await pool.emptied()
    asked = asyncio.create_task(order(pool, ["a", "b", "shared"]))
    cancelled = asyncio.create_task(pool.run(texts("shared", "c", "d")))
    told = asyncio.create_task(pool.emptied())
    await settle()
    assert (pool.queued, told.done()) == (5, False)
    cancelled.cancel()
    await settle()
    assert (pool.queued, told.done()) == (3, False)
    await pool.start()
    await told
    assert pool.queued == 0
    await asked


async def test_a_request_cancelled_at_work_does_no_harm(pool: NamesWorkers) -> None:
    await pool.start()
    cancelled = asyncio.create_task(pool.run(texts("a", "b")))
    await settle()
    assert pool.queued == 1
    cancelled.cancel()
    await settle()
    # The text at work is answered to nobody; the other one may have been taken just before.
    assert (await order(pool, ["c"]))[0] in (2, 3)
    assert pool.queued == 0


async def test_a_text_whose_worker_ended_is_tried_once_more(pool: NamesWorkers) -> None:
    await pool.start()
    before = pool.pids
    assert await order(pool, ["end once"]) == [1]
    assert pool.pids != before


async def test_a_worker_that_answers_for_another_number_of_texts_is_ended(pool: NamesWorkers) -> None:
    await pool.start()
    before = pool.pids
    assert await order(pool, ["half"]) == [1]
    assert pool.pids != before


async def test_a_text_that_ends_two_workers_fails_alone(pool: NamesWorkers) -> None:
    await pool.start()
    poison = asyncio.create_task(pool.run(texts("end", "never")))
    other = asyncio.create_task(pool.run(texts("a", "b")))
    with pytest.raises(ScanFailed, match=r"names\.worker_ended"):
        await poison
    assert set(await other) == {b"a", b"b"}
    assert pool.queued == 0


async def test_a_worker_that_was_killed_while_idle_is_replaced(pool: NamesWorkers) -> None:
    await pool.start()
    (pid,) = pool.pids
    os.kill(pid, signal.SIGTERM)
    assert await order(pool, ["a"]) == [1]
    assert pid not in pool.pids


async def test_a_worker_that_hangs_is_ended(tmp_path: Path) -> None:
    pool = make(tmp_path, job_limit=0.3)
    await pool.start()
    try:
        with pytest.raises(ScanFailed, match=r"names\.worker_silent"):
            await pool.run(texts("hang"))
    finally:
        await pool.stop()


async def test_an_error_of_the_model_fails_its_request_and_not_the_worker(pool: NamesWorkers) -> None:
    await pool.start()
    before = pool.pids
    with pytest.raises(ScanFailed, match=r"names\.model_failed error=ValueError"):
        await pool.run(texts("fail"))
    assert await order(pool, ["a"]) == [1]
    assert pool.pids == before


async def test_whoever_starts_a_pool_that_is_starting_waits_for_its_workers(tmp_path: Path) -> None:
    pool = make(tmp_path, workers=2)
    first = asyncio.create_task(pool.start())
    await asyncio.sleep(0)
    await pool.start()
    assert len(pool.pids) == 2
    await first
    await pool.stop()


@pytest.mark.parametrize(("marker", "message"), [("unusable", "No model here"), ("broken", "status 3")])
async def test_start_says_why_a_worker_is_not_ready(tmp_path: Path, marker: str, message: str) -> None:
    (tmp_path / marker).touch()
    pool = make(tmp_path, workers=2)
    waiting = asyncio.create_task(pool.run(texts("a")))
    await settle()
    with pytest.raises((ScanFailed, ModelUnusable), match=message):
        await pool.start()
    with pytest.raises(ScanFailed, match=r"names\.stopped"):
        await waiting
    assert pool.pids == []


async def test_stop_ends_workers_and_requests(pool: NamesWorkers) -> None:
    await pool.start()
    (pid,) = pool.pids
    waiting = asyncio.create_task(pool.run(texts("hang", "a")))
    await settle()
    await pool.stop()
    with pytest.raises(ScanFailed, match=r"names\.stopped"):
        await waiting
    assert not psutil.pid_exists(pid)
    with pytest.raises(ScanFailed, match=r"names\.stopped"):
        await pool.run(texts("a"))
    await pool.start()
    assert await order(pool, ["a"]) == [1]


def test_a_pool_has_workers() -> None:
    with pytest.raises(ValueError, match="at least one"):
        NamesWorkers(0, queue_limit=1)
