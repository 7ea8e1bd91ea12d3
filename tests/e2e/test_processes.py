"""Several processes on one port: shared out, one to the outside, and none of them missed."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from support.deadline import wait_until
from support.expected import EMAIL_PLACEHOLDER
from support.values import email
from support.watch import Watch
from support.wire import Answered, exchange, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess, free_port
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.state import read_state, runs

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


@pytest.fixture(scope="module")
def health() -> int:
    return free_port()


@pytest.fixture(scope="module")
def processes(start_proxy: Callable[..., PromptGuardProcess], health: int) -> PromptGuardProcess:
    settings: Mapping[str, Any] = {
        "names": {"enabled": False},
        "proxy": {"processes": 2},
        "monitoring": {"listen": f"127.0.0.1:{health}"},
    }
    proxy = start_proxy(settings)
    wait_until(lambda: ready(health) == 2, "both are ready", 120)
    return proxy


def ready(health: int) -> int:
    """How many of them are."""
    return httpx.get(f"http://127.0.0.1:{health}/readyz").json().get("processes", 0)


def counted(health: int, name: str) -> float:
    """The sum of a metric."""
    lines = httpx.get(f"http://127.0.0.1:{health}/metrics").text.splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


def ask(proxy: PromptGuardProcess, text: str) -> Answered:
    body = json.dumps({"messages": [{"role": "user", "content": text}]}).encode()
    return exchange(proxy.port, proxy.authority, request_bytes(body))


def pids(proxy: PromptGuardProcess) -> set[int]:
    states = [read_state(path) for path in DataFolder(proxy.data).states()]
    return {state.pid for state in states if state is not None and runs(state)}


def test_connections_are_shared_out_and_counted_together(
    processes: PromptGuardProcess, health: int, watch: Watch
) -> None:
    value = email(7)
    assert ask(processes, f"Write to {value}").status == 200
    (placeholder,) = EMAIL_PLACEHOLDER.findall(watch.one.body.decode())
    for _ in range(20):  # whichever process takes it, it is put back
        assert f"To {value}" in ask(processes, f"To {placeholder}").text
    assert len(pids(processes)) == 2
    assert counted(health, "promptguard_decisions_total") == 21
    assert counted(health, "promptguard_processes ") == 2


def test_one_that_dies_is_started_again(processes: PromptGuardProcess, health: int, watch: Watch) -> None:
    before, decisions = pids(processes), counted(health, "promptguard_decisions_total")
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: ready(health) == 1, "it is gone")
    for _ in range(4):
        assert ask(processes, "What is a mutex?").status == 200
    wait_until(lambda: ready(health) == 2, "it is back", 120)
    assert len(pids(processes) - before) == 1
    assert counted(health, "promptguard_decisions_total") == decisions + 4, "what it had counted stays counted"


def test_all_end_together(processes: PromptGuardProcess) -> None:
    members = pids(processes)
    assert len(members) == 2
    assert processes.stop() == 0
    assert not pids(processes)
    for pid in members:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
