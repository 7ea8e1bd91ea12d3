from __future__ import annotations

import os
import subprocess
from pathlib import Path

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
