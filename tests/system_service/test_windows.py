from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests.system_service.stand_ins import Windows

from promptguard.errors import PromptGuardError
from promptguard.system_service.windows_access import CHANGE, READ, service_sid


@pytest.fixture
def manager(windows: Windows, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    module = import_module("promptguard.system_service.windows")
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.001)
    monkeypatch.setenv("PROGRAMDATA", str(tmp_path))
    return module.WindowsServices()


def test_a_service_is_made_for_an_account_of_its_own(manager: Any, windows: Windows, tmp_path: Path) -> None:
    folder = tmp_path / "PromptGuard Service"
    said = "\n".join(manager.install(None))
    assert windows.service is not None
    assert windows.service["account"] == r"NT SERVICE\PromptGuard" and windows.service["begins"] == 2
    base = getattr(sys, "_base_executable", sys.executable)
    assert windows.service["command"].startswith(f"{base} -I ")
    assert windows.service["command"].endswith(f'--python {sys.executable} --folder "{folder}"')
    sid = service_sid("PromptGuard")
    assert {Path(path).name: access.rpartition("(")[2] for path, access in windows.access.items()} == {
        "PromptGuard Service": f"A;OICI;{READ};;;{sid})",
        "config": f"A;OICI;{READ};;;{sid})",
        "data": f"A;OICI;{CHANGE};;;{sid})",
        "logs": f"A;OICI;{CHANGE};;;{sid})",
    }
    assert (folder / "config" / "policy.yaml").exists()
    assert windows.settings[2]["Actions"] == [(1, 2000)] * 3 and windows.settings[4] is True
    assert windows.settings[6] == ["SeChangeNotifyPrivilege"]
    assert str(folder / "logs" / "promptguard.log") in said and windows.sources == ["PromptGuard"]


def test_one_that_is_there_is_brought_up_to_date_and_keeps_its_configuration(
    manager: Any, windows: Windows, tmp_path: Path
) -> None:
    manager.install(tmp_path / "a")
    (tmp_path / "a" / "config" / "policy.yaml").write_text("mine")
    manager.install(tmp_path / "a")
    assert (tmp_path / "a" / "config" / "policy.yaml").read_text() == "mine"
    manager.install(tmp_path / "b")
    assert windows.service is not None and windows.service["command"].endswith(str(tmp_path / "b"))


@pytest.mark.parametrize(
    "program",
    [
        r"C:\Users\ada\AppData\Local\Programs\Python\Python313\python.exe",
        r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.13\python3.13.exe",
    ],
)
def test_a_program_that_no_service_can_run_is_refused_before_anything_is_made(
    program: str, manager: Any, windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "_base_executable", program, raising=False)
    with pytest.raises(PromptGuardError, match="for all users"):
        manager.install(None)
    assert windows.service is None and not list(tmp_path.iterdir())


def test_it_is_started_stopped_looked_at_and_removed(manager: Any, windows: Windows, tmp_path: Path) -> None:
    manager.install(None)
    assert not manager.status().running
    manager.start()
    manager.start()  # where it runs already
    status = manager.status()
    assert status.running and "running" in status.lines[0]
    assert status.lines[1].endswith(os.path.join("PromptGuard Service", "config"))  # noqa: PTH118
    manager.stop()
    manager.stop()
    assert not manager.status().running
    manager.start()
    manager.remove()
    assert windows.service is None and windows.sources == []
    assert (tmp_path / "PromptGuard Service" / "config" / "policy.yaml").exists()


def test_it_is_stopped_while_it_starts_too(manager: Any, windows: Windows) -> None:
    manager.install(None)
    windows.after_start = [2, 2, 2, 4]
    windows.start("service", None)
    windows.query("service")
    manager.stop()
    assert windows.state == 1


def test_a_start_that_fails_names_the_log(manager: Any, windows: Windows) -> None:
    manager.install(None)
    windows.after_start = [2, 1]
    with pytest.raises(PromptGuardError, match=r"stopped\. The log says why: .*promptguard\.log"):
        manager.start()


@pytest.mark.parametrize(
    ("is_administrator", "is_there", "what", "told"),
    [
        (False, False, "install", "as administrator"),
        (False, True, "start", "as administrator"),
        (False, True, "remove", "as administrator"),
        (True, False, "start", "promptguard service install"),
        (True, False, "stop", "promptguard service install"),
        (True, False, "status", "promptguard service install"),
        (True, False, "remove", "promptguard service install"),
    ],
)
def test_what_windows_refuses_is_told_with_what_to_do(
    is_administrator: bool, is_there: bool, what: str, told: str, manager: Any, windows: Windows
) -> None:
    if is_there:
        manager.install(None)
    windows.is_administrator = is_administrator
    arguments = [None] if what == "install" else []
    with pytest.raises(PromptGuardError, match=told):
        getattr(manager, what)(*arguments)
