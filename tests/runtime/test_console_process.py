import asyncio
import itertools
import logging
import sys
from pathlib import Path

import pytest

from promptguard.runtime import console_process
from promptguard.runtime.console_process import ConsoleOption, keep_console

ENDS = "import sys; sys.exit(3)"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lasts an hour lasts no time."""
    monkeypatch.setattr(console_process, "_PAUSES_SECONDS", (3600.0, 7200.0))
    sleep = asyncio.sleep
    monkeypatch.setattr(console_process.asyncio, "sleep", lambda seconds: sleep(min(seconds, 0.01)))


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch):
    def use(code: str, *arguments: str) -> None:
        monkeypatch.setattr(console_process, "command_of", lambda _: (sys.executable, "-c", code))

    return use


async def test_it_ends_when_nobody_keeps_it(program, tmp_path: Path) -> None:
    program("import time, sys; time.sleep(600)")
    keeping = asyncio.create_task(keep_console(tmp_path, tmp_path, ConsoleOption(("127.0.0.1", 1))))
    await asyncio.sleep(0)
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping


async def kept_until(ended: int, folder: Path, caplog: pytest.LogCaptureFixture, option: ConsoleOption) -> list[str]:
    """What is told until the console has ended so often."""
    keeping = asyncio.create_task(keep_console(folder, folder, option))
    while len(caplog.records) < ended:
        await asyncio.sleep(0.01)
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    return [record.message for record in caplog.records][:ended]


async def test_a_console_that_cannot_start_is_tried_again_ever_more_seldom(program, tmp_path: Path, caplog) -> None:
    program(ENDS)
    with caplog.at_level(logging.ERROR):
        told = await kept_until(3, tmp_path, caplog, ConsoleOption())
    assert told == [
        f"The console has ended (status 3). The proxy goes on without it, and tries again in {minutes} minutes."
        for minutes in (60, 120, 120)
    ]


async def test_one_that_had_run_is_started_again(program, tmp_path: Path, caplog, monkeypatch) -> None:
    program(ENDS)
    clock = itertools.chain([0.0, 61.0, 100.0, 100.1], itertools.repeat(200.0))  # started, ended; started, ended
    monkeypatch.setattr(console_process, "monotonic", lambda: next(clock))
    with caplog.at_level(logging.ERROR):
        told = await kept_until(2, tmp_path, caplog, ConsoleOption())
    assert told == [
        "The console has ended (status 3), and is started again.",
        "The console has ended (status 3). The proxy goes on without it, and tries again in 60 minutes.",
    ]


@pytest.mark.parametrize(
    ("option", "arguments"),
    [
        (ConsoleOption(), []),
        (ConsoleOption(("127.0.0.1", 1)), ["--listen", "127.0.0.1:1"]),
        (ConsoleOption(("::", 1), ("::1", 2)), ["--listen", "[::]:1", "--published", "[::1]:2"]),
    ],
)
async def test_it_is_told_where_to_listen(option, arguments, program, tmp_path: Path, caplog) -> None:
    program(f"import sys; open({str(tmp_path / 'told')!r}, 'w').write(chr(10).join(sys.argv[1:]))")
    await kept_until(1, tmp_path, caplog, option)
    assert (tmp_path / "told").read_text().split("\n")[5:] == arguments
