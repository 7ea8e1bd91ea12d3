from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from promptguard.system_service import child
from promptguard.system_service.child import ProxyProcess


def started(code: str, folder: Path) -> tuple[ProxyProcess, threading.Event]:
    process, ended = ProxyProcess([sys.executable, "-c", code], folder, folder / "log"), threading.Event()
    process.start(ended.set)
    return process, ended


@pytest.mark.parametrize("status", [0, 1, 2, 77])
def test_what_it_prints_is_in_the_log_before_its_end_is_told(status: int, tmp_path: Path) -> None:
    code = "import sys; print('Grüße'); print('error', file=sys.stderr)"
    code += f"; sys.stdout.buffer.write(b'\\xff'); sys.exit({status})"
    process, ended = started(code, tmp_path)
    assert ended.wait(20)
    assert (process.alive, process.status) == (False, status)
    assert sorted((tmp_path / "log").read_text("utf-8").split()) == ["Grüße", "error", "\ufffd"]


def test_a_log_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "LOG_BYTES", 1000)
    monkeypatch.setattr(child, "LOGS", 2)
    _, ended = started("for number in range(500): print('line', number)", tmp_path)
    assert ended.wait(20)
    logs = sorted(path.name for path in tmp_path.glob("log*"))
    assert logs == ["log", "log.1", "log.2"]
    assert all((tmp_path / name).stat().st_size <= 1000 for name in logs)
    assert (tmp_path / "log").read_text().endswith("line 499\n")


def test_it_is_asked_to_end_through_its_data_folder_and_says_when_it_serves(tmp_path: Path) -> None:
    (tmp_path / "ready.json").write_text('{"whole": true}')  # that was left behind
    os.utime(tmp_path / "ready.json", (1, 1))
    code = (
        "import pathlib, time\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "while not (folder / 'may').exists(): time.sleep(.01)\n"
        "(folder / 'ready.json').write_text('{\"whole\": true}')\n"
        "while not (folder / 'drain').exists(): time.sleep(.01)\n"
    )
    process, ended = started(code, tmp_path)
    assert process.alive and not process.serves
    (tmp_path / "may").touch()
    for _ in range(2000):
        if process.serves:
            break
        ended.wait(0.01)
    assert process.serves
    process.ask_to_end()
    assert ended.wait(20) and process.status == 0


def test_it_is_ended_at_once_where_need_be(tmp_path: Path) -> None:
    process, ended = started("import time; time.sleep(600)", tmp_path)
    process.kill()
    assert ended.wait(20) and not process.alive


def test_a_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        ProxyProcess([str(tmp_path / "none")], tmp_path, tmp_path / "log").start(lambda: None)
