from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from promptguard.cli import main
from promptguard.system_service import managers
from promptguard.system_service.elsewhere import SYSTEMD, Elsewhere
from promptguard.system_service.interface import ServiceManager, Status


class Manager(ServiceManager):
    def __init__(self, running: bool = True) -> None:
        self.running = running
        self.asked: list[str] = []

    def install(self, folder: Path | None) -> Sequence[str]:
        self.asked.append(f"install {folder}")
        return ("one", "two")

    def remove(self) -> None:
        self.asked.append("remove")

    def start(self) -> None:
        self.asked.append("start")

    def stop(self) -> None:
        self.asked.append("stop")

    def status(self) -> Status:
        return Status(self.running, ("how it stands",))


@pytest.mark.parametrize(
    ("arguments", "asked", "said"),
    [
        (["install"], ["install None"], "one\ntwo\n"),
        (["install", "--folder", "there"], ["install there"], "one\ntwo\n"),
        (["start"], ["start"], "It runs.\n"),
        (["stop"], ["stop"], "It has ended.\n"),
        (["status"], [], "how it stands\n"),
        (["remove", "--yes"], ["remove"], "Removed. Configuration, record, keys and CA stay.\n"),
    ],
)
def test_the_manager_is_asked(
    arguments: list[str], asked: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = Manager()
    monkeypatch.setattr(managers, "manager_of", lambda: manager)
    done = CliRunner().invoke(main, ["service", *arguments])
    assert (done.exit_code, done.output, manager.asked) == (0, said, asked)


def test_one_that_does_not_run_is_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(managers, "manager_of", lambda: Manager(running=False))
    assert CliRunner().invoke(main, ["service", "status"]).exit_code == 1


def test_elsewhere_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(managers, "manager_of", lambda: Elsewhere(SYSTEMD))
    done = CliRunner().invoke(main, ["service", "start"])
    assert done.exit_code == 2 and "systemctl start promptguard" in done.output
