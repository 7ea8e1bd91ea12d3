from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest

from promptguard.system_service import hosting
from promptguard.system_service.child import ProxyProcess
from promptguard.system_service.hosting import Hosting

SERVES = """
import pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
(folder / "ready.json").write_text('{"whole": true}')
"""
UNTIL_ASKED = SERVES + "while not (folder / 'drain').exists(): time.sleep(.01)\n"
DEAF = SERVES + "time.sleep(600)\n"


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosting, "LOOK_SECONDS", 0.01)


class Told:
    """A manager that remembers, and asks for the end as soon as the service runs, if it is to."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.when: Callable[[str], object] = lambda word: None

    def starting(self) -> None:
        self._tell("starting")

    def running(self) -> None:
        self._tell("running")

    def stopping(self) -> None:
        self._tell("stopping")

    def _tell(self, word: str) -> None:
        self.words.append(word)
        self.when(word)


def hosted(code: str, folder: Path, *, end_when: str = "", seconds: float = 20) -> tuple[int, list[str]]:
    """Its status, and what the manager was told, each word once where it was told again and again."""
    process = ProxyProcess([sys.executable, "-I", "-c", code, str(folder)], folder, folder / "log")
    told = Told()
    kept = Hosting(process, told, lambda: seconds)
    told.when = lambda word: kept.end() if word == end_when else None
    status = kept.run()
    assert not process.alive
    return status, [word for word, _ in groupby(told.words)]


@pytest.mark.parametrize(
    ("code", "end_when", "status", "words"),
    [
        (UNTIL_ASKED, "running", 0, ["starting", "running", "stopping"]),
        (UNTIL_ASKED, "starting", 0, ["starting", "stopping"]),
        ("import sys; sys.exit(2)", "", 2, ["starting"]),
        ("import sys; sys.exit(1)", "", 1, ["starting"]),
    ],
    ids=["ended when it serves", "ended while it starts", "a mistake in the configuration", "a failure"],
)
def test_a_service_keeps_one_proxy(code: str, end_when: str, status: int, words: list[str], tmp_path: Path) -> None:
    assert hosted(code, tmp_path, end_when=end_when) == (status, words)


def test_a_proxy_that_ends_by_itself_ends_the_service_with_its_status(tmp_path: Path) -> None:
    code = SERVES + "\nwhile not (folder / 'fail').exists(): time.sleep(.01)\nsys.exit(3)"
    process = ProxyProcess([sys.executable, "-I", "-c", code, str(tmp_path)], tmp_path, tmp_path / "log")
    told = Told()
    told.when = lambda word: (tmp_path / "fail").touch() if word == "running" else None
    assert Hosting(process, told, lambda: 20).run() == 3
    assert [word for word, _ in groupby(told.words)] == ["starting", "running"]


def test_a_proxy_that_does_not_end_in_its_time_is_ended(tmp_path: Path) -> None:
    assert hosted(DEAF, tmp_path, end_when="running", seconds=0.1) == (0, ["starting", "running", "stopping"])


def test_it_may_be_told_to_end_from_another_thread(tmp_path: Path) -> None:
    process = ProxyProcess([sys.executable, "-I", "-c", UNTIL_ASKED, str(tmp_path)], tmp_path, tmp_path / "log")
    kept = Hosting(process, Told(), lambda: 20)
    statuses: list[int] = []
    thread = threading.Thread(target=lambda: statuses.append(kept.run()))
    thread.start()
    kept.end()
    kept.end()
    thread.join(30)
    assert statuses == [0]
