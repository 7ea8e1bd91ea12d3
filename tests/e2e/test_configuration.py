"""Configuration that is wrong from the beginning, and configuration that changes under a running proxy."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from support.deadline import wait_until
from support.proxies import configuration
from support.values import aws_key
from support.watch import Watch
from support.wire import exchange, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess, run_promptguard


def secret_chat() -> bytes:
    text = f"aws_access_key_id = {aws_key(random.Random(211))}"
    return request_bytes(json.dumps({"messages": [{"role": "user", "content": text}]}).encode())


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("policy.yaml", "mode: enforce", "mode: enforced", "mode: enforced"),
        ("policy.yaml", "    action: block\n", "    acton: block\n", "    acton: block\n"),
        ("destinations/web_chats.yaml", "kind: web_chat", "kind: web-chat", "kind: web-chat"),
    ],
)
def test_mistake_ends_the_start(tmp_path: Path, file: str, old: str, new: str, line: str) -> None:
    config = configuration(tmp_path / "config", {})
    edit(config / file, old, new)
    number = (config / file).read_text().partition(line)[0].count("\n") + 1
    arguments = [
        "run",
        "--config",
        str(config),
        "--data",
        str(tmp_path / "data"),
        "--listen",
        "127.0.0.1:0",
        "--console",
        "off",
    ]
    ended = run_promptguard(arguments)
    assert ended.returncode == 2
    assert f"{file}:{number}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_bad_edit_keeps_the_last_good_version_and_a_good_one_is_taken_up(
    start_proxy: Callable[..., PromptGuardProcess], watch: Watch
) -> None:
    proxy = start_proxy({"names": {"enabled": False}})
    policy = proxy.config / "policy.yaml"
    good = policy.read_text()

    edit(policy, "mode: enforce", "mode: whatever")
    wait_until(lambda: proxy.state and proxy.state.problem, "the mistake is noticed")
    assert proxy.state is not None and "policy.yaml" in proxy.state.problem
    assert exchange(proxy.port, proxy.authority, secret_chat()).status == 400
    assert watch.requests == []

    policy.write_text(good.replace("mode: enforce", "mode: monitor", 1))
    wait_until(lambda: proxy.state and not proxy.state.problem, "the mistake is gone")
    assert exchange(proxy.port, proxy.authority, secret_chat()).status == 200
    assert len(watch.requests) == 1
