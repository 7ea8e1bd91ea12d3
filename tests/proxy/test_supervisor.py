"""The life of processes, with programs of the test's own in their place."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from promptguard.configuration.settings import Settings
from promptguard.proxy import supervisor
from promptguard.proxy.supervisor import MemberStart, Supervisor, supervise

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

SERVES = """
import os, signal, sys
from pathlib import Path
from promptguard.runtime.control import Asked
from promptguard.runtime.small_server import SmallAnswer
folder, number, control = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
Path(folder, f"{number}-{os.getpid()}").touch()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
Asked(control, lambda path: SmallAnswer("200 OK", "", b'{"problems": 0}'), lambda: os._exit(0)).start()
signal.pause()
"""


class Start(MemberStart):
    """Starts something else."""

    program = SERVES

    def command(self, listen: tuple[str, int], number: int, count: int, control: int) -> Sequence[str]:
        return [sys.executable, "-c", self.program, str(self.data), str(number), str(control)]


def two(folder: Path, program: str = SERVES, **proxy: Any) -> Supervisor:
    start = type("Other", (Start,), {"program": program})(Path("config"), folder, ("127.0.0.1", 0))
    return Supervisor(start, ("127.0.0.1", 0), Settings.model_validate({"proxy": {"processes": 2, **proxy}}))


async def begun(folder: Path, count: int) -> list[str]:
    while len(found := sorted(path.name for path in folder.iterdir())) < count:
        await asyncio.sleep(0.01)
    return found


async def test_one_that_ends_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_LIVED_SECONDS", 0.0)
    both = two(tmp_path)
    task = asyncio.create_task(both.run())
    await both.whole.wait()
    first = await begun(tmp_path, 2)
    both._running[0].kill()
    again = await begun(tmp_path, 3)
    assert sorted(name[0] for name in again) == ["0", "0", "1"]
    both.stop()
    assert await task == 0
    assert set(first) < set(again)


async def test_they_end_together_where_one_was_asked_to(tmp_path: Path) -> None:
    both = two(tmp_path)
    task = asyncio.create_task(both.run())
    await both.whole.wait()
    await begun(tmp_path, 2)
    both._running[1].terminate()  # as after `promptguard drain`, it ends with status 0
    assert await task == 0


async def test_what_one_has_finished_is_not_cut_off_in_another(tmp_path: Path) -> None:
    """All were asked to end, and one has nothing to do any more: the other takes its time, until told twice."""
    busy = SERVES.replace(
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))",
        "signal.signal(signal.SIGTERM, lambda *_: Path(folder, f'{number}-told-{os.getpid()}').touch())",
    ).replace("signal.pause()", "while 1: signal.pause()")
    both = two(tmp_path, busy, drain_s=3600)
    task = asyncio.create_task(both.run())
    await both.whole.wait()
    await begun(tmp_path, 2)
    both._running[1].send_signal(signal.SIGINT)  # ends with status 0
    assert any("told" in name for name in await begun(tmp_path, 3))
    both.told()
    assert not task.done() and list(both._running) == [0]
    both.told()
    assert await task == 0


async def test_it_ends_without_waiting_for_one_that_is_to_be_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = two(tmp_path)
    task = asyncio.create_task(both.run())
    await both.whole.wait()
    await begun(tmp_path, 2)
    monkeypatch.setattr(supervisor, "_pause_before", lambda tries: 3600.0)
    both._running[0].kill()
    while 0 in both._running:
        await asyncio.sleep(0.01)
    both.stop()
    assert await task == 0


@pytest.mark.parametrize("status", [1, 2])
async def test_what_cannot_start_is_not_tried_again(tmp_path: Path, status: int) -> None:
    assert await two(tmp_path, f"import sys; sys.exit({status})").run() == status


async def test_one_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_STOP_SECONDS", 0.1)
    deaf = SERVES.replace("lambda *_: sys.exit(0)", "lambda *_: None").replace(
        "signal.pause()", "while 1: signal.pause()"
    )
    both = two(tmp_path, deaf)
    task = asyncio.create_task(both.run())
    await both.whole.wait()
    await begun(tmp_path, 2)
    both.drain()
    assert await task == 0


def test_how_each_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    start = MemberStart(
        Path("config"),
        Path("data"),
        ("127.0.0.1", 8080),
        ("*=127.0.0.1:1",),
        Path("ca.pem"),
        "http://user:secret@proxy.example:3128",
        True,
    )
    command = list(start.command(("::1", 8080), 1, 4, 7))
    assert command[command.index("promptguard.proxy") + 1 :] == [
        *("--config", "config", "--data", "data", "--listen", "[::1]:8080", "--number", "1", "--count", "4"),
        *("--control", "7", "--connect-to", "*=127.0.0.1:1", "--upstream-ca", "ca.pem", "--allow-unknown-clients"),
    ]
    assert "secret" not in " ".join(command), "others on this machine see command lines"
    assert start.environment["PROMPTGUARD_UPSTREAM_PROXY"].startswith("http://user:secret@")


async def test_the_service_manager_hears_of_one_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        folder = tmp_path / "begun"
        folder.mkdir()
        both = two(folder, drain_s=60)
        assert "NOTIFY_SOCKET" not in both._start_of.environment
        both.told()
        assert manager.recv(100) == b"EXTEND_TIMEOUT_USEC=75000000"


async def test_elsewhere_a_port_cannot_be_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor.sys, "platform", "darwin")
    start = MemberStart(Path("config"), tmp_path, ("127.0.0.1", 0))
    assert await supervise(start, Settings.model_validate({"proxy": {"processes": 2}}), None) == 2
    assert "Linux alone" in capsys.readouterr().err
