"""The CA of a running proxy: what it may sign, and a new one in its place, judged by a client's OpenSSL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from support.wire import exchange, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.rollout.ca import rotate
from promptguard.rollout.ca_constraints import permitted_of
from promptguard.rollout.ca_files import read_authority
from promptguard.runtime.data_folder import DataFolder


def test_a_constrained_ca_serves_ai_services_and_is_changed_without_cutting_laptops_off(
    start_proxy: Callable[..., PromptGuardProcess], tmp_path: Path
) -> None:
    settings = {"names": {"enabled": False}, "ca": {"name_constraints": True}}
    data, request = tmp_path / "data", request_bytes(b'{"messages": [{"role": "user", "content": "What is a mutex?"}]}')
    proxy = start_proxy(settings, data=data)
    old = tmp_path / "old.pem"
    old.write_bytes(proxy.authority.read_bytes())
    assert exchange(proxy.port, old, request).status == 200
    proxy.stop()
    before = permitted_of(read_authority(DataFolder(data)).anchor)
    assert before and "api.openai.com" in before and "com" not in before
    rotate(DataFolder(data), sorted(before))
    proxy = start_proxy(settings, data=data)
    assert proxy.authority.read_bytes() != old.read_bytes()
    assert exchange(proxy.port, old, request).status == 200, "a laptop that has the old one alone"
    assert exchange(proxy.port, proxy.authority, request).status == 200, "one that has the new one alone"
