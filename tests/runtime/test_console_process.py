import asyncio
import logging
import sys
from pathlib import Path

import pytest

from promptguard.runtime import console_process
from promptguard.runtime.console_process import ConsoleOption, keep_console

ENDS = "import sys; sys.exit(3)"


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


async def test_a_console_that_cannot_start_is_told_and_left(program, tmp_path: Path, caplog) -> None:
    program(ENDS)
    with caplog.at_level(logging.ERROR):
        await keep_console(tmp_path, tmp_path, ConsoleOption())
    assert "has ended (status 3); the proxy goes on" in caplog.text


async def test_one_that_had_run_is_started_again(program, tmp_path: Path, caplog, monkeypatch) -> None:
    program(ENDS)
    clock = iter([0.0, 61.0, 100.0, 100.1])  # started, ended; started, ended
    monkeypatch.setattr(console_process, "monotonic", lambda: next(clock))
    with caplog.at_level(logging.ERROR):
        await keep_console(tmp_path, tmp_path, ConsoleOption())
    assert [record.message for record in caplog.records] == [
        "The console has ended (status 3), and is started again.",
        "The console has ended (status 3); the proxy goes on without it.",
    ]


@pytest.mark.parametrize(
    ("option", "arguments"),
    [
        (ConsoleOption(), []),
        (ConsoleOption(("127.0.0.1", 1)), ["--listen", "127.0.0.1:1"]),
        (ConsoleOption(("::", 1), ("::1", 2)), ["--listen", "[::]:1", "--published", "[::1]:2"]),
    ],
)
async def test_it_is_told_where_to_listen(option, arguments, program, tmp_path: Path) -> None:
    program(f"import sys; open({str(tmp_path / 'told')!r}, 'w').write(chr(10).join(sys.argv[1:]))")
    await keep_console(tmp_path, tmp_path, option)
    assert (tmp_path / "told").read_text().split("\n")[5:] == arguments
