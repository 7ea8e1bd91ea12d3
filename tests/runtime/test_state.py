from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from promptguard.runtime.state import State, read_state, remove_state, runs, write_state


def test_what_is_written_is_read(tmp_path: Path) -> None:
    state = State(7, ["127.0.0.1:8080"], True, "/etc/promptguard", "3", "a" * 64, "policy.yaml:3: wrong")
    write_state(tmp_path / "ready.json", State())
    write_state(tmp_path / "ready.json", state)
    assert read_state(tmp_path / "ready.json") == state
    assert [path.name for path in tmp_path.iterdir()] == ["ready.json"]
    remove_state(tmp_path / "ready.json")
    remove_state(tmp_path / "ready.json")
    assert read_state(tmp_path / "ready.json") is None


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("", None),
        ("{", None),
        ("[]", None),
        ("{}", State()),
        ('{"whole": true, "of a newer version": 1}', State(whole=True)),
    ],
)
def test_a_file_of_another_version_or_of_none(tmp_path: Path, written: str, found: State | None) -> None:
    (tmp_path / "ready.json").write_text(written)
    assert read_state(tmp_path / "ready.json") == found


@pytest.mark.skipif(os.name != "posix", reason="asks by a signal")
def test_whether_another_process_runs() -> None:
    assert runs(State(pid=os.getppid()))
    assert not runs(State(pid=os.getpid()))
    assert not runs(State())
    assert not runs(None)
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    assert not runs(State(pid=ended.pid))


@pytest.mark.parametrize(
    ("busy", "told"),
    [
        (0, ""),
        (1, "Since its start 1 request was refused as busy, the last at 2026-03-01 09:30:00 UTC: "),
        (12, "Since its start 12 requests were refused as busy, the last at 2026-03-01 09:30:00 UTC: "),
    ],
)
def test_requests_that_were_refused_as_busy_are_told(busy: int, told: str) -> None:
    said = State(busy=busy, busy_at="2026-03-01T09:30:00.000Z").busy_sentence
    assert said.startswith(told) and bool(said) is bool(told)


@pytest.mark.parametrize(
    ("opened", "waited", "there"),
    [(None, 258, True), (None, 0, False), (5, None, True), (87, None, False)],
    ids=["runs", "has ended", "is somebody else's", "is not there"],
)
def test_whether_a_process_runs_on_windows(
    opened: int | None, waited: int | None, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With stand-ins for pywin32, whose constants are those of winerror.h and winbase.h. No handle is left open."""
    handles: list[int] = []

    class Refused(Exception):
        winerror = opened

    def open_process(access: int, inherit: bool, pid: int) -> int:
        assert (access, inherit, pid) == (0x100000, False, 7)
        if opened is not None:
            raise Refused
        handles.append(1)
        return 1

    modules = {
        "pywintypes": {"error": Refused},
        "win32api": {"OpenProcess": open_process, "CloseHandle": handles.remove},
        "win32con": {"SYNCHRONIZE": 0x100000},
        "win32event": {"WAIT_TIMEOUT": 258, "WaitForSingleObject": lambda handle, milliseconds: waited},
        "winerror": {"ERROR_ACCESS_DENIED": 5},
    }
    for name, members in modules.items():
        monkeypatch.setitem(sys.modules, name, SimpleNamespace(**members))
    monkeypatch.setattr(sys, "platform", "win32")
    assert runs(State(pid=7)) is there
    assert handles == []
