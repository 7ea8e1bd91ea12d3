"""How `promptguard run` starts and ends."""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
from support.deadline import wait_until
from support.proxies import configuration
from support.values import aws_key
from support.watch import Watch
from support.wire import exchange, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess, run_promptguard


def chat(text: str) -> bytes:
    return request_bytes(json.dumps({"messages": [{"role": "user", "content": text}]}).encode())


def test_request_that_comes_early_is_held_and_inspected(
    start_proxy: Callable[..., PromptGuardProcess], watch: Watch
) -> None:
    proxy = start_proxy({"names": {"enabled": False}}, wait=False, cold=True)
    wait_until(lambda: proxy.state or not proxy.running, "the proxy listens")
    answer = exchange(proxy.port, proxy.authority, chat(f"aws_access_key_id = {aws_key(random.Random(201))}"))
    assert answer.status == 400
    assert watch.requests == []
    assert exchange(proxy.port, proxy.authority, chat("What is a mutex?")).status == 200
    assert proxy.ready


def test_ready_proxy_says_where_everything_is(proxy: PromptGuardProcess) -> None:
    assert proxy.state is not None and proxy.state.pid == proxy.pid
    assert f"127.0.0.1:{proxy.port}" in proxy.state.listen
    assert proxy.url in proxy.output
    assert str(proxy.authority) in proxy.output


def test_keys_and_record_are_readable_by_their_owner_only(proxy: PromptGuardProcess) -> None:
    secrets = [
        path for path in proxy.data.rglob("*") if path.suffix in (".key", ".db") or path.name.endswith("-ca.pem")
    ]
    assert len(secrets) >= 3
    assert [path.name for path in secrets if path.stat().st_mode & 0o077] == []


def test_ended_proxy_leaves_a_sound_record_in_which_a_changed_byte_is_found(
    start_proxy: Callable[..., PromptGuardProcess],
) -> None:
    proxy = start_proxy({"names": {"enabled": False}}, cold=True)
    for number in range(3):
        assert exchange(proxy.port, proxy.authority, chat(f"What is {number}?")).status == 200
    assert proxy.stop() == 0
    assert proxy.state is None
    verify = ["audit", "verify", "--config", str(proxy.config), "--data", str(proxy.data)]
    verified = run_promptguard(verify)
    assert verified.returncode == 0, verified.stderr
    _change_one_byte(proxy.data / "promptguard.db")
    assert run_promptguard(verify).returncode == 1


def test_killed_proxy_leaves_a_sound_record(start_proxy: Callable[..., PromptGuardProcess]) -> None:
    proxy = start_proxy({"names": {"enabled": False}}, cold=True)
    for number in range(20):
        assert exchange(proxy.port, proxy.authority, chat(f"What is {number}?")).status == 200
    os.kill(proxy.pid, 9)
    proxy.stop()
    verified = run_promptguard(["audit", "verify", "--config", str(proxy.config), "--data", str(proxy.data)])
    assert verified.returncode == 0, verified.stderr


def _change_one_byte(path: Path) -> None:
    """One of what is recorded of a decision."""
    with closing(sqlite3.connect(path)) as connection:
        (event,) = connection.execute("SELECT event FROM audit_record WHERE sequence = 2").fetchone()
    content = path.read_bytes()
    assert content.count(event) == 1
    path.write_bytes(content.replace(event, event[:-1] + bytes([event[-1] ^ 1])))


def test_the_console_stands_beside_the_proxy_and_ends_with_it_however_that_ends(tmp_path: Path) -> None:
    config = configuration(tmp_path / "config", {"names": {"enabled": False}})
    proxy = PromptGuardProcess(config=config, data=tmp_path / "data", console="127.0.0.1:0")
    with proxy:
        wait_until(lambda: "/set-up?link=" in proxy.output, "the console says where it is")
        address = httpx.URL(re.findall(r"http://\S+/set-up\S+", proxy.output)[0])
        assert "The first account" in httpx.get(address).text
        os.kill(proxy.pid, 9)
        wait_until(lambda: not answers(address), "the console has ended")


def answers(address: httpx.URL) -> bool:
    try:
        return httpx.get(address.copy_with(path="/healthz", query=None)).status_code == 200
    except httpx.TransportError:
        return False
