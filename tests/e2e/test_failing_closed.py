"""What cannot be inspected does not leave."""

from __future__ import annotations

import json
import resource
import signal
import ssl
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai
import psutil
import pytest
from support.deadline import wait_until
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


def test_who_would_wait_for_too_long_is_told_when_to_send_again_and_does(
    start_proxy: Callable[..., PromptGuardProcess], watch: Watch
) -> None:
    proxy = start_proxy({"names": {"enabled": True, "model": "compact", "workers": 1, "wait_s": 0.000001}})
    assert send(proxy, "Ask Hannah Lindqvist first.").status == 200  # so that it is known how long that takes
    workers = psutil.Process(proxy.pid).children(recursive=True)
    told: list[httpx.Response] = []

    def listen(response: httpx.Response) -> None:
        if response.status_code == 503:
            response.read()
            told.append(response)
            for worker in workers:
                worker.resume()

    trusted = ssl.create_default_context(cafile=str(proxy.authority))
    with httpx.Client(
        proxy=f"http://127.0.0.1:{proxy.port}", verify=trusted, event_hooks={"response": [listen]}
    ) as connection:
        client = openai.OpenAI(api_key="stand-in", http_client=connection, max_retries=5)

        def ask(number: int) -> str | None:
            messages: Any = [{"role": "user", "content": f"Ask Hannah Lindqvist, number {number}."}]
            return client.chat.completions.create(model="gpt-5", messages=messages).choices[0].message.content

        for worker in workers:
            worker.suspend()
        with ThreadPoolExecutor(3) as threads:  # one is being looked at, one waits, and there is no room for a third
            answers = list(threads.map(ask, range(3)))
    assert answers == [f"You wrote: Ask Hannah Lindqvist, number {number}." for number in range(3)]
    assert told
    assert all(each.headers["retry-after"] == "1" for each in told)
    assert {each.json()["error"]["code"] for each in told} == {"promptguard_busy"}
    wait_until(lambda: proxy.state and proxy.state.busy >= len(told), "the refused requests are told of")
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
