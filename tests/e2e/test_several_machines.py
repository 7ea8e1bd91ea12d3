"""Proxies with data folders of their own on one PostgreSQL, as several machines have them."""

from __future__ import annotations

import json
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from support.deadline import wait_until
from support.expected import EMAIL_PLACEHOLDER
from support.values import email
from support.watch import Watch
from support.wire import Answered, exchange, request_bytes
from tests.storage.postgresql_server import PASSWORD, PostgreSQLServer

from promptguard.demo.proxy_process import PromptGuardProcess, run_promptguard
from promptguard.runtime.record import open_record


def ask(proxy: PromptGuardProcess, text: str) -> Answered | None:
    """The answer to a prompt; None without one."""
    body = json.dumps({"messages": [{"role": "user", "content": text}]}).encode()
    try:
        return exchange(proxy.port, proxy.authority, request_bytes(body))
    except (OSError, ValueError, AssertionError, EOFError):
        return None


@pytest.fixture
def spools() -> bool:
    return True


@pytest.fixture
def machines(
    start_proxy: Callable[..., PromptGuardProcess], postgresql_server: PostgreSQLServer, tmp_path: Path, spools: bool
) -> list[PromptGuardProcess]:
    """Two, with one master key."""
    settings = {
        "names": {"enabled": False},
        "database": postgresql_server.empty(),
        "audit": {"spool": {"enabled": spools}},
    }
    first = start_proxy(settings, data=tmp_path / "one")
    keys = tmp_path / "two" / "keys"
    keys.mkdir(parents=True, mode=0o700)
    shutil.copy(first.data / "keys" / "master.key", keys)
    return [first, start_proxy(settings, data=tmp_path / "two")]


@pytest.mark.timeout(300)
def test_what_one_redacted_another_restores(machines: list[PromptGuardProcess], watch: Watch) -> None:
    one, two = machines
    value = email(3)
    assert ask(one, f"Write to {value}") is not None
    (placeholder,) = EMAIL_PLACEHOLDER.findall(watch.one.body.decode())
    answer = ask(two, f"Once more to {placeholder}")
    assert answer is not None
    assert f"You wrote: Once more to {value}" in answer.text
    assert not any(value.encode() in request.body for request in watch.requests)
    for proxy in machines:
        proxy.stop()
        done = run_promptguard(["audit", "verify", "--config", str(proxy.config), "--data", str(proxy.data)])
        assert done.returncode == 0, done.stdout
        assert "All 2 records are as they were written. The head of one chain is kept elsewhere" in done.stdout
        output = (proxy.data / "output.log").read_text() if (proxy.data / "output.log").exists() else ""
        assert PASSWORD not in output + done.stdout + done.stderr


@pytest.mark.timeout(300)
def test_values_are_replaced_and_put_back_without_the_database(
    machines: list[PromptGuardProcess], watch: Watch, postgresql_server: PostgreSQLServer
) -> None:
    one, two = machines
    assert ask(one, "What is a mutex?") is not None
    postgresql_server.stop("immediate")
    value = email(5)
    answer = ask(one, f"Write to {value}")
    assert answer is not None
    assert f"You wrote: Write to {value}" in answer.text
    (placeholder,) = EMAIL_PLACEHOLDER.findall(watch.requests[-1].body.decode())
    postgresql_server.start()
    until = threading.Event()
    for _ in range(600):
        answer = ask(two, f"Once more to {placeholder}")
        if answer is not None and f"Once more to {value}" in answer.text:
            break
        until.wait(0.1)
    else:
        pytest.fail("the other machine does not know it")
    assert not any(value.encode() in request.body for request in watch.requests)
    for proxy in machines:
        proxy.stop()


def waiting_in(proxy: PromptGuardProcess) -> list[Path]:
    """The files of what waits for the database."""
    folder = proxy.data / "spool"
    return [path for path in folder.iterdir() if path.suffix != ".lock"] if folder.exists() else []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("spools", [True, False])
def test_the_database_crashes_under_load(
    machines: list[PromptGuardProcess], watch: Watch, postgresql_server: PostgreSQLServer, spools: bool
) -> None:
    """Nothing goes on without a record, nothing is recorded twice, and both go on by themselves."""
    until = threading.Event()
    answered: Counter[int] = Counter()

    def load(proxy: PromptGuardProcess) -> None:
        while not until.is_set():
            answer = ask(proxy, "What is a monitor?")
            answered[answer.status if answer else 0] += 1

    threads = [threading.Thread(target=load, args=(proxy,)) for proxy in machines * 2]
    for thread in threads:
        thread.start()
    for _ in range(2):
        seen = len(watch.requests)
        while len(watch.requests) < seen + 20:
            until.wait(0.01)
        postgresql_server.stop("immediate")
        if spools:
            seen = len(watch.requests)
            while len(watch.requests) < seen + 20:
                until.wait(0.01)
        else:
            refused = answered[400]
            while answered[400] < refused + 4:
                until.wait(0.01)
            seen = len(watch.requests)
            until.wait(0.3)
            assert len(watch.requests) <= seen + len(threads), "nothing is sent while nothing can be recorded"
        postgresql_server.start()
    seen = len(watch.requests)
    while len(watch.requests) < seen + 20:
        until.wait(0.01)
    until.set()
    for thread in threads:
        thread.join()
    for proxy in machines:
        wait_until(lambda proxy=proxy: not waiting_in(proxy), "what was spooled is delivered")
        proxy.stop()
    with open_record(machines[0].config, machines[0].data) as reader:
        report = reader.verify()
        events = Counter(event["id"] for event in reader.tail(100_000))
    assert report.ok, report.sentence
    assert set(events.values()) == {1}
    assert report.records == events.total() >= len(watch.requests)
    assert not spools or not answered[400], "nobody was refused"
