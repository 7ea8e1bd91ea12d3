from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.system_service.stand_ins import Windows

from promptguard.system_service import windows_host
from promptguard.system_service.windows_host import (
    NAME,
    STOP_SECONDS,
    end_together,
    host_command,
    main,
    proxy_command,
    seconds_to_end,
    service_class,
)


class Hosted:
    """A `Hosting` that ends with a status."""

    def __init__(self, status: int) -> None:
        self.status, self.ends = status, 0

    def run(self) -> int:
        return self.status

    def end(self) -> None:
        self.ends += 1


def test_the_proxy_is_started_with_the_folders_of_the_service(tmp_path: Path) -> None:
    """By the environment's interpreter: `--help` is what it makes of the command, up to there."""
    command = proxy_command(sys.executable, tmp_path)
    assert command[-4:] == ["--config", str(tmp_path / "config"), "--data", str(tmp_path / "data")]
    done = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "Start the proxy" in done.stdout


def test_the_host_finds_what_is_installed_from_any_interpreter(tmp_path: Path) -> None:
    """Isolated, and not from the folder that it is started in; what it lacks here is Windows."""
    command = host_command(getattr(sys, "_base_executable", sys.executable), sys.executable, tmp_path)
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.stderr.strip().endswith("ModuleNotFoundError: No module named 'servicemanager'")


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [("proxy: {drain_s: 30}", 30 + STOP_SECONDS), ("", STOP_SECONDS), ("no: such", STOP_SECONDS)],
)
def test_a_proxy_may_take_its_time_to_end(settings: str, seconds: float, tmp_path: Path) -> None:
    (tmp_path / "promptguard.yaml").write_text(settings)
    assert seconds_to_end(tmp_path) == seconds


@pytest.mark.parametrize(("status", "fails", "logged"), [(0, False, 0), (2, False, 1), (1, True, 0), (-9, True, 0)])
def test_a_failure_is_one_for_the_manager_and_a_mistake_is_not(
    status: int, fails: bool, logged: int, windows: Windows
) -> None:
    """After a failure it starts the service again; a mistake in the configuration no restart would mend."""
    service = service_class(lambda reporting: Hosted(status))([NAME])
    if fails:
        with pytest.raises(RuntimeError, match=f"status {status}"):
            service.SvcRun()
    else:
        service.SvcRun()
    assert len(windows.logged) == logged


@pytest.mark.parametrize(("order", "ends"), [("stop", 1), ("the machine's end", 1), ("interrogate", 0), ("other", 0)])
def test_orders_to_end_are_taken(order: str, ends: int, windows: Windows) -> None:
    hosted = Hosted(0)
    service = service_class(lambda reporting: hosted)([NAME])
    assert service.GetAcceptedControls() == 0x101
    if order == "stop":
        service.SvcStop()
    elif order == "interrogate":
        service.SvcInterrogate()
    else:
        service.SvcOtherEx(0xF if order == "the machine's end" else 0x40, 0, None)
    assert hosted.ends == ends
    assert [state for state, _ in windows.reported] == [3] * ends


def test_the_manager_is_told_what_goes_on(windows: Windows) -> None:
    service = service_class(lambda reporting: Hosted(0))([NAME])
    for report in (service.starting, service.running, service.stopping):
        report()
    assert [state for state, _ in windows.reported] == [2, 4, 3]


def test_all_processes_end_with_the_service(windows: Windows) -> None:
    job: Any = end_together()
    assert job == {"processes": [-1], "BasicLimitInformation": {"LimitFlags": 0x2000}}


def test_the_process_becomes_the_service(windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(windows_host, "proxy_command", lambda python, folder: [python, "-c", "print(1)"])
    main(["--python", sys.executable, "--folder", str(tmp_path)])
    assert windows.dispatched == 1
    windows.hosted([NAME]).SvcRun()
    assert (tmp_path / "logs" / "promptguard.log").read_text() == "1\n"
