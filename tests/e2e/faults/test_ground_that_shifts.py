"""Clock, processes and disk are not what they were at the start: nothing leaves unrecorded, and it goes on."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from support.watch import Watch
from support.wire import exchange, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess, run_promptguard
from promptguard.runtime.record import open_record

type StartProxy = Callable[..., PromptGuardProcess]

PLAIN = {"names": {"enabled": False}}
ADDRESS = "holm.lindqvist@nordfjord-reederei.no"


def send(proxy: PromptGuardProcess, text: str) -> int:
    """The status of the answer; 0 without one."""
    body = json.dumps({"messages": [{"role": "user", "content": text}]}).encode()
    try:
        return exchange(proxy.port, proxy.authority, request_bytes(body)).status
    except OSError:
        return 0


def verify(proxy: PromptGuardProcess) -> tuple[int, str]:
    """Exit status and output of `audit verify`."""
    done = run_promptguard(["audit", "verify", "--config", str(proxy.config), "--data", str(proxy.data)])
    return done.returncode, done.stdout + done.stderr


# --- The clock --------------------------------------------------------------------------------------------------------

CLOCK = """
import builtins, datetime, os, time, types

_time, _time_ns, _import = time.time, time.time_ns, builtins.__import__

def _offset():
    with open(os.environ["TESTED_CLOCK"]) as stream:
        return int(stream.read())

class Shifted(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(time.time(), tz)

_shifted = types.ModuleType("datetime")
_shifted.__dict__.update(vars(datetime), datetime=Shifted)

def _imported(name, globals=None, *arguments, **named):
    importing = (globals or {}).get("__name__", "")
    if name == "datetime" and importing.startswith(("promptguard.audit", "promptguard.runtime")):
        return _shifted  # elsewhere there is compiled code that takes no other class
    return _import(name, globals, *arguments, **named)

time.time = lambda: _time() + _offset()
time.time_ns = lambda: _time_ns() + _offset() * 10**9
builtins.__import__ = _imported
"""
"""Puts another clock into a Python process that is to start, as `sitecustomize`: there is no other way without root."""


class Clock:
    """The clock of the processes that are started while it is in the environment."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "offset"
        (folder / "sitecustomize.py").write_text(CLOCK)
        self.go(timedelta())

    def go(self, offset: timedelta) -> None:
        """Set it to so much after the right time."""
        new = self._file.with_name("new")
        new.write_text(str(int(offset.total_seconds())))
        new.replace(self._file)


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("TESTED_CLOCK", str(tmp_path / "offset"))
    yield clock
    clock.go(timedelta())


@pytest.mark.timeout(300)
def test_clock_set_back(start_proxy: StartProxy, watch: Watch, clock: Clock) -> None:
    """Records say what the clock said, in the order in which they were made; nothing waits for it to catch up."""
    proxy = start_proxy(PLAIN, cold=True)  # with another clock from its first line on
    for days in (0, -3, -400, 0, -1):
        clock.go(timedelta(days=days))
        assert send(proxy, "What is a mutex?") == 200
        assert send(proxy, f"Write to {ADDRESS}") == 200
    proxy.stop()
    again = start_proxy(PLAIN, data=proxy.data, cold=True)  # by a clock that is still wrong
    assert send(again, "What is a semaphore?") == 200
    again.stop()
    clock.go(timedelta())
    assert len(watch.requests) == 11
    assert not any(ADDRESS.encode() in request.body for request in watch.requests)
    status, output = verify(again)
    assert not status, output
    with open_record(again.config, again.data) as reader:
        assert reader.verify().records == 11
        days = [event["time"][:10] for event in reader.tail(20)]
    assert len(set(days)) == 4, "the clock was set back indeed"


# --- Processes --------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(600)
def test_four_processes_on_one_folder(start_proxy: StartProxy, watch: Watch) -> None:
    """All four record at once, and what one replaced the others put back by the same placeholder."""
    first = start_proxy(PLAIN)
    proxies = [first, *(start_proxy(PLAIN, data=first.data) for _ in range(3))]
    assert all(proxy.running for proxy in proxies)
    statuses: list[int] = []

    def load(proxy: PromptGuardProcess) -> None:
        for number in range(20):
            statuses.append(send(proxy, f"Write to {ADDRESS}" if number % 2 else "What is a mutex?"))

    threads = [threading.Thread(target=load, args=(proxy,)) for proxy in proxies for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 160
    written = {request.body for request in watch.requests if b"mutex" not in request.body}
    assert len(written) == 1, "one placeholder"
    assert ADDRESS.encode() not in written.pop()
    status, output = verify(first)
    assert not status, output
    for proxy in proxies:
        proxy.stop()
    status, output = verify(first)
    assert not status, output
    with open_record(first.config, first.data) as reader:
        assert reader.verify().records == len(watch.requests) == 160


@pytest.mark.timeout(300)
def test_two_processes_that_begin_together_on_an_empty_folder(
    start_proxy: StartProxy, watch: Watch, tmp_path: Path
) -> None:
    """Neither makes keys or tables that the other has made; and `verify` may look while both write."""
    proxies = [start_proxy(PLAIN, data=tmp_path / "data", wait=False) for _ in range(2)]
    for proxy in proxies:
        proxy.wait_until_ready()
        waited = threading.Event()
        while send(proxy, "What is a mutex?") != 200 and proxy.running:
            waited.wait(0.2)  # whether the other one is ready, the folder does not tell
    seen, ended, statuses = len(watch.requests), threading.Event(), set[int]()

    def load(proxy: PromptGuardProcess) -> None:
        while not ended.is_set():
            statuses.add(send(proxy, f"Write to {ADDRESS}"))

    threads = [threading.Thread(target=load, args=(proxy,)) for proxy in proxies]
    for thread in threads:
        thread.start()
    meanwhile = [verify(proxies[0]) for _ in range(2)]
    ended.set()
    for thread in threads:
        thread.join()
    assert [status for status, _ in meanwhile] == [0, 0], meanwhile
    assert statuses == {200}
    assert len({request.body for request in watch.requests[seen:]}) == 1, "one placeholder, so one key"
    for proxy in proxies:
        proxy.stop()
    status, output = verify(proxies[0])
    assert not status, output
    with open_record(proxies[0].config, proxies[0].data) as reader:
        assert reader.verify().records >= len(watch.requests)


# --- The disk ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(psutil, "RLIMIT_FSIZE"), reason="processes have no such limit here")
@pytest.mark.parametrize("durability", ["findings", "always"])
def test_files_that_may_not_grow(start_proxy: StartProxy, watch: Watch, durability: str) -> None:
    """As on a full disk: nothing leaves; once there is room again, it goes on by itself, and nobody is suspected."""
    proxy = start_proxy({**PLAIN, "audit": {"durability": durability}})
    assert send(proxy, "What is a mutex?") == 200
    process = psutil.Process(proxy.pid)
    before = process.rlimit(psutil.RLIMIT_FSIZE)
    process.rlimit(psutil.RLIMIT_FSIZE, (4096, before[1]))
    for number in range(4):
        assert send(proxy, f"Write to {ADDRESS}" if number % 2 else "What is a semaphore?") != 200
    assert len(watch.requests) == 1
    process.rlimit(psutil.RLIMIT_FSIZE, before)
    waited = threading.Event()
    for _ in range(60):
        if send(proxy, "What is a monitor?") == 200:
            break
        waited.wait(0.5)
    assert send(proxy, f"Write to {ADDRESS}") == 200
    proxy.stop()
    status, output = verify(proxy)
    assert not status, output
    with open_record(proxy.config, proxy.data) as reader:
        assert reader.verify().records >= len(watch.requests) == 3
