from __future__ import annotations

import os
import sys

import orjson
import psutil
import pytest

from promptguard.files.interface import Source
from promptguard.files.process import COMMAND, FilesProcess, WorkerDied

OPTIONS = ("--memory", str(512 * 2**20), "--characters", "1000000", "--seconds", "10", "--tesseract", "no-such-program")


def python(script: str) -> tuple[str, ...]:
    """A command that runs a script in a worker's place."""
    return (sys.executable, "-c", script)


READY = r"import sys, os; out = sys.stdout.buffer; out.write(b'\0\0\0\2{}'); out.flush();"


async def test_files_are_read_one_after_the_other() -> None:
    worker = await FilesProcess.launch((*COMMAND, *OPTIONS))
    try:
        for text in ("one", "two " * 100_000, ""):
            answer = orjson.loads(await worker.ask(Source(text.encode(), "x.txt", "text/plain"), 30))
            assert "".join(piece for _, piece in answer["texts"]) == text
        answer = orjson.loads(await worker.ask(Source(b"%PDF-1.7", "\ud800", "\ud800"), 30))
        assert answer == {"problem": "file.damaged kind=pdf"}
        assert worker.alive
    finally:
        await worker.kill()
    assert not worker.alive


async def test_secrets_in_the_environment_stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "pelican")
    worker = await FilesProcess.launch((*COMMAND, *OPTIONS))
    try:
        assert "OPENAI_API_KEY" not in psutil.Process(worker.pid).environ()
    finally:
        await worker.kill()


async def test_a_worker_ends_with_its_input() -> None:
    worker = await FilesProcess.launch((*COMMAND, *OPTIONS))
    worker._input.close()
    assert await worker._process.wait() == 0
    await worker.kill()


@pytest.mark.parametrize("command", [("/no/such/program",), python("raise SystemExit(3)")])
async def test_workers_that_do_not_start(command: tuple[str, ...]) -> None:
    with pytest.raises(WorkerDied, match=r"file\.reader_not_started"):
        await FilesProcess.launch(command)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (READY + "sys.stdin.buffer.read(1); os._exit(86)", "file.reader_out_of_memory"),
        (READY + "sys.stdin.buffer.read(1); os.kill(os.getpid(), 9)", "file.reader_ended"),
        (READY + "os._exit(0)", "file.reader_ended"),
        (READY + "import time; time.sleep(60)", r"file\.timeout seconds=0\.1"),
    ],
)
async def test_workers_that_end_or_hang(script: str, why: str) -> None:
    worker = await FilesProcess.launch(python(script))
    try:
        with pytest.raises(WorkerDied, match=why):
            await worker.ask(Source(bytes(1_000_000)), 30 if "0\\.1" not in why else 0.1)
    finally:
        await worker.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="process groups of POSIX")
async def test_what_a_worker_has_started_ends_with_it() -> None:
    child = "import subprocess; child = subprocess.Popen(['sleep', '60']); "
    answer = "body = str(child.pid).encode(); out.write(len(body).to_bytes(4, 'big') + body); "
    answer += "out.flush(); sys.stdin.buffer.read()"
    worker = await FilesProcess.launch(python(child + READY + answer))
    pid = int(await worker.ask(Source(b""), 30))
    assert psutil.pid_exists(pid)
    process = psutil.Process(pid)
    await worker.kill()
    gone, _ = psutil.wait_procs([process], timeout=30)
    assert gone or process.status() == psutil.STATUS_ZOMBIE
    assert pid != os.getpid()
