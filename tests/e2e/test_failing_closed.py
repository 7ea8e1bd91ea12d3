"""What cannot be inspected does not leave."""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Callable

import psutil
import pytest
from support.watch import Watch
from support.wire import Answered, exchange, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess

PROSE = "Please ask Hannah Lindqvist from Rotterdam about the early draft. " * 300


def chat(text: str) -> bytes:
    return request_bytes(json.dumps({"messages": [{"role": "user", "content": text}]}).encode())


def send(proxy: PromptGuardProcess, text: str) -> Answered:
    return exchange(proxy.port, proxy.authority, chat(text))


def test_scan_beyond_its_deadline_is_refused(start_proxy: Callable[..., PromptGuardProcess], watch: Watch) -> None:
    proxy = start_proxy({"names": {"enabled": True, "deadline_s": 0.001}, "deadlines": {"scan_s": 0.001}})
    answer = send(proxy, PROSE)
    assert answer.status == 400
    assert watch.requests == []
    assert "othing was sent" in json.loads(answer.body)["error"]["message"]


def test_names_worker_that_dies_takes_no_prompt_with_it(
    start_proxy: Callable[..., PromptGuardProcess], watch: Watch
) -> None:
    """Either another worker does the work, or the prompt is refused; no name arrives in either case."""
    proxy = start_proxy({})
    for worker in psutil.Process(proxy.pid).children(recursive=True):
        worker.send_signal(signal.SIGKILL)
    for text in (PROSE, "Ask Hannah Lindqvist."):
        assert send(proxy, text).status in (200, 400)
    assert not [request for request in watch.requests if b"Lindqvist" in request.body]


@pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit")
def test_record_that_cannot_be_written_stops_everything(
    start_proxy: Callable[..., PromptGuardProcess], watch: Watch
) -> None:
    proxy = start_proxy({"names": {"enabled": False}})
    assert send(proxy, "What is a mutex?").status == 200
    # No file may grow beyond its first byte from now on: a full disk, for this process alone.
    before = resource.prlimit(proxy.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    assert send(proxy, "What is a semaphore?").status == 400
    assert len(watch.requests) == 1
    resource.prlimit(proxy.pid, resource.RLIMIT_FSIZE, before)
    assert send(proxy, "What is a monitor?").status == 200
