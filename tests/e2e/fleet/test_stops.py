"""A stop over several machines that share a database: what services received, before, during and after."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.deadline import wait_until
from support.watch import Watch
from support.wire import Answered, exchange, request_bytes
from tests.storage.postgresql_server import PostgreSQLServer

from promptguard.demo.proxy_process import PromptGuardProcess, run_promptguard

MACHINES = int(os.environ.get("PROMPTGUARD_FLEET_MACHINES", "2"))
SECONDS = 5
"""Within which all machines go by it."""


def ask(proxy: PromptGuardProcess, text: str = "What is a mutex?", host: str = "api.openai.com") -> Answered:
    body = json.dumps({"messages": [{"role": "user", "content": text}]}).encode()
    return exchange(proxy.port, proxy.authority, request_bytes(body, host=host), host=host)


@pytest.fixture(scope="module")
def machines(
    start_proxy: Callable[..., PromptGuardProcess],
    postgresql_server: PostgreSQLServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[PromptGuardProcess]:
    """With one master key."""
    folder = tmp_path_factory.mktemp("machines")
    settings = {"names": {"enabled": False}, "database": postgresql_server.empty()}
    first = start_proxy(settings, data=folder / "0")

    def start(number: int) -> PromptGuardProcess:
        keys = folder / str(number) / "keys"
        keys.mkdir(parents=True, mode=0o700)
        shutil.copy(first.data / "keys" / "master.key", keys)
        return start_proxy(settings, data=folder / str(number))

    with ThreadPoolExecutor() as pool:
        return [first, *pool.map(start, range(1, MACHINES))]


def order(proxy: PromptGuardProcess, *words: str) -> str:
    done = run_promptguard(["stop", *words, "--config", str(proxy.config), "--data", str(proxy.data)])
    assert done.returncode == 0, done.stderr
    return done.stdout.partition(":")[0]


def all_answer(machines: Sequence[PromptGuardProcess], status: int) -> float:
    """Seconds until all answer with this status."""
    began = time.monotonic()
    for proxy in machines:
        wait_until(lambda proxy=proxy: ask(proxy).status == status, f"{proxy.data} answers {status}")
    return time.monotonic() - began


@pytest.mark.timeout(300)
def test_a_stop_holds_on_all_machines_within_seconds_and_is_lifted(
    machines: list[PromptGuardProcess], watch: Watch
) -> None:
    all_answer(machines, 200)
    id = order(machines[0], "openai-api", "--reason", "Their incident, ada@initech.com wrote", "--for", "4h")
    took = all_answer(machines, 400)
    print(f"{len(machines)} machines go by a stop {took:.2f} s after it was given.")
    assert took < SECONDS
    sent = len(watch.requests)
    refused = json.loads(ask(machines[-1]).text)["error"]["message"]
    assert "This tool is paused for now." in refused
    assert "Why: Their incident, [EMAIL_ADDRESS] wrote" in refused
    assert len(watch.requests) == sent
    assert ask(machines[-1], host="api.mistral.ai").status == 200
    order(machines[1], "lift", id, "--reason", "Their report is in")
    assert all_answer(machines, 200) < SECONDS
