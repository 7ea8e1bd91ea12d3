from __future__ import annotations

import asyncio
import sys

import pytest

from promptguard.files import pool as pools
from promptguard.files.interface import Source
from promptguard.files.pool import Overloaded, WorkerPool
from promptguard.files.process import WorkerDied

# Answers with the process's id; a file of `hang` it never answers, at one of `die` it ends.
SCRIPT = r"""
import json, os, sys
def send(value):
    body = json.dumps(value).encode()
    sys.stdout.buffer.write(len(body).to_bytes(4, "big") + body)
    sys.stdout.buffer.flush()
send({})
while head := sys.stdin.buffer.read(4):
    size = json.loads(sys.stdin.buffer.read(int.from_bytes(head, "big")))["size"]
    data = sys.stdin.buffer.read(size)
    if data == b"hang":
        sys.stdin.buffer.read()
    if data == b"die":
        os._exit(1)
    send(os.getpid())
"""
COMMAND = (sys.executable, "-c", SCRIPT)


async def test_workers_start_with_the_first_file_and_are_used_again() -> None:
    pool = WorkerPool(2, COMMAND, 30)
    assert pool.pids == []
    first = int(await pool.read(Source(b"x")))
    assert pool.pids == [first]
    assert int(await pool.read(Source(b"x"))) == first
    both = {int(pid) for pid in await asyncio.gather(*(pool.read(Source(b"x")) for _ in range(6)))}
    assert first in both
    assert 1 <= len(both) <= 2
    await pool.stop()
    assert pool.pids == []


@pytest.mark.parametrize("data", [b"hang", b"die"])
async def test_a_worker_that_fails_is_replaced(data: bytes) -> None:
    pool = WorkerPool(1, COMMAND, 2)
    first = int(await pool.read(Source(b"x")))
    with pytest.raises(WorkerDied):
        await pool.read(Source(data))
    assert int(await pool.read(Source(b"x"))) != first
    await pool.stop()


async def test_a_worker_whose_file_nobody_waits_for_is_ended() -> None:
    pool = WorkerPool(1, COMMAND, 60)
    first = int(await pool.read(Source(b"x")))
    reading = asyncio.create_task(pool.read(Source(b"hang")))
    while not pool._busy:
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert int(await pool.read(Source(b"x"))) != first
    await pool.stop()


async def test_waiting_files_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_MAX_WAITING", 1)
    pool = WorkerPool(1, COMMAND, 60)
    readings = [asyncio.create_task(pool.read(Source(b"hang"))) for _ in range(2)]
    while pool._waiting < 1:
        await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await pool.read(Source(b"x"))
    for reading in readings:
        reading.cancel()
    await asyncio.gather(*readings, return_exceptions=True)
    await pool.stop()


async def test_workers_are_replaced_after_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_MAX_FILES", 2)
    pool = WorkerPool(1, COMMAND, 30)
    pids = [int(await pool.read(Source(b"x"))) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]
    await pool.stop()


async def test_workers_without_work_are_ended() -> None:
    pool = WorkerPool(1, COMMAND, 30, idle_seconds=0)
    first = int(await pool.read(Source(b"x")))
    async with asyncio.timeout(30):
        while pool.pids:
            await asyncio.sleep(0)
    assert int(await pool.read(Source(b"x"))) != first
    await pool.stop()
