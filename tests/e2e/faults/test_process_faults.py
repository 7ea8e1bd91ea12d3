"""What the record rests on is taken away under a running proxy, or the proxy itself: nothing leaves unrecorded."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from support.watch import Watch
from support.wire import exchange, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess, run_promptguard
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_record
from promptguard.runtime.state import remove_state

KILLS = int(os.environ.get("PROMPTGUARD_KILLS", "2"))
"""How often the proxy is killed under load; `make faults` says more."""


def send(proxy: PromptGuardProcess, text: str) -> int | None:
    """The status of the answer; None without one."""
    body = json.dumps({"messages": [{"role": "user", "content": text}]}).encode()
    try:
        return exchange(proxy.port, proxy.authority, request_bytes(body)).status
    except (OSError, ValueError, AssertionError, EOFError):
        return None


def verified(proxy: PromptGuardProcess) -> tuple[bool, int]:
    with open_record(proxy.config, proxy.data) as reader:
        report = reader.verify()
    return report.ok, report.records


def unlink_database(data: Path) -> None:
    (data / "promptguard.db").unlink()


def replace_database(data: Path) -> None:
    shutil.copyfile(data / "promptguard.db", data / "copy.db")
    (data / "copy.db").replace(data / "promptguard.db")


def unlink_index(data: Path) -> None:
    (data / "promptguard.db-shm").unlink()


def overwrite_database(data: Path) -> None:
    database = data / "promptguard.db"
    with database.open("r+b") as stream:
        stream.write(os.urandom(database.stat().st_size))


def overwrite_database_by_another(data: Path) -> None:
    with closing(sqlite3.connect(data / "another.db")) as another:
        another.execute("create table audit_record (position integer)")
    (data / "promptguard.db").write_bytes((data / "another.db").read_bytes())


def empty_database(data: Path) -> None:
    os.truncate(data / "promptguard.db", 0)


def empty_log(data: Path) -> None:
    os.truncate(data / "promptguard.db-wal", 0)


def overwrite_log(data: Path) -> None:
    log = data / "promptguard.db-wal"
    with log.open("r+b") as stream:
        stream.write(bytes(log.stat().st_size))


def overwrite_head(data: Path) -> None:
    (data / "keys" / "audit.head").write_bytes(b"{}")


def unlink_log(data: Path) -> None:
    (data / "promptguard.db-wal").unlink()


def move_keys(data: Path) -> None:
    (data / "keys").rename(data / "moved")


def change_key(data: Path) -> None:
    (data / "keys" / "master.key").write_bytes(os.urandom(32))


def unlink_head(data: Path) -> None:
    (data / "keys" / "audit.head").unlink()


FAULTS = (
    unlink_database,
    replace_database,
    unlink_log,
    unlink_index,
    overwrite_database,
    overwrite_database_by_another,
    empty_database,
    empty_log,
    overwrite_log,
    move_keys,
    change_key,
    unlink_head,
    overwrite_head,
)
TOLD_FOR_GOOD = {overwrite_database, overwrite_database_by_another, empty_database, empty_log, overwrite_log}


@pytest.mark.parametrize("spoil", FAULTS)
def test_nothing_goes_on_without_its_record(
    start_proxy: Callable[..., PromptGuardProcess], watch: Watch, spoil: Callable[[Path], None]
) -> None:
    proxy = start_proxy({"names": {"enabled": False}})
    assert send(proxy, "What is a mutex?") == 200
    spoil(proxy.data)
    for _ in range(2):
        assert send(proxy, "What is a semaphore?") == 400
    assert len(watch.requests) == 1
    proxy.stop()
    if spoil in TOLD_FOR_GOOD:
        assert (proxy.data / "keys" / "audit.overwritten").exists()
        assert run_promptguard(["audit", "verify", "--config", str(proxy.config), "--data", str(proxy.data)]).returncode


@pytest.mark.timeout(120 + 15 * KILLS)  # each start of the proxy takes seconds
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_killed_under_load(
    start_proxy: Callable[..., PromptGuardProcess], watch: Watch, backend: str, request: pytest.FixtureRequest
) -> None:
    settings: dict[str, object] = {"names": {"enabled": False}}
    if backend == "postgresql":
        settings["database"] = request.getfixturevalue("postgresql_server").empty()
    proxy = start_proxy(settings)
    for number in range(KILLS):
        until = threading.Event()

        def load(until: threading.Event = until) -> None:
            while not until.is_set():
                if send(proxy, "What is a monitor?") is None:
                    until.wait(0.05)

        threads = [threading.Thread(target=load) for _ in range(4)]
        seen = len(watch.requests)
        for thread in threads:
            thread.start()
        while len(watch.requests) < seen + 3 + number % 5:
            until.wait(0.005)
        os.killpg(proxy.pid, signal.SIGKILL)
        until.set()
        for thread in threads:
            thread.join()
        proxy.stop()
        ok, records = verified(proxy)
        assert ok
        assert records >= len(watch.requests)
        remove_state(DataFolder(proxy.data).state)  # it was left behind, and would make the next one look ready
        proxy.start()
        proxy.wait_until_ready()
    proxy.stop()
    ok, records = verified(proxy)
    assert ok
    assert records >= len(watch.requests)
