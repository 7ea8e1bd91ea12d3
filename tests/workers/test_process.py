import asyncio
import os
import sys

import psutil
import pytest

from promptguard.workers.process import WorkerProcess, command_of


def python(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script)


_WITH_A_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=0)
print(child.pid, flush=True)
child.wait()
"""


async def test_nothing_is_left_of_a_killed_process_nor_of_what_it_started() -> None:
    worker = await WorkerProcess._start(python(_WITH_A_CHILD), dict(os.environ))
    child = psutil.Process(int(await worker._output.readline()))
    assert worker.alive
    await worker.kill()
    assert not worker.alive
    assert worker._input.is_closing()
    await asyncio.to_thread(psutil.wait_procs, [child], timeout=60)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


async def test_one_that_has_ended_can_be_killed() -> None:
    worker = await WorkerProcess._start(python("pass"), dict(os.environ))
    await worker._process.wait()
    await worker.kill()
    assert not worker.alive


async def test_a_missing_program() -> None:
    with pytest.raises(OSError):
        await WorkerProcess._start(("/nowhere/program",), {})


def test_a_module_is_not_taken_from_the_current_folder() -> None:
    assert command_of("promptguard.files.worker") == (sys.executable, "-P", "-m", "promptguard.files.worker")
