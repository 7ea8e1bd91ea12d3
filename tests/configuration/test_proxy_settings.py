from __future__ import annotations

import os

import pytest
from pydantic import ValidationError

from promptguard.configuration.proxy_settings import ProxySettings


@pytest.mark.parametrize(
    ("networks", "address", "balancer"),
    [
        ([], "10.0.0.5", False),
        (["10.0.0.5"], "10.0.0.5", True),
        (["10.0.0.5"], "10.0.0.6", False),
        (["10.0.0.0/28", "2001:db8::/64"], "10.0.0.6", True),
        (["10.0.0.0/28", "2001:db8::/64"], "2001:db8::5", True),
        (["10.0.0.5"], "::ffff:10.0.0.5", True),  # as a listener for both versions of IP says it
        (["fe80::5"], "fe80::5%eth0", True),
        (["10.0.0.5"], "not an address", False),
    ],
)
def test_who_has_to_send_a_header(networks: list[str], address: str, balancer: bool) -> None:
    assert ProxySettings(load_balancers=networks).is_load_balancer(address) is balancer


def test_what_is_no_network() -> None:
    with pytest.raises(ValidationError, match=r"‘balancer\.example’ is neither an address nor a network"):
        ProxySettings(load_balancers=["balancer.example"])


@pytest.mark.parametrize(("cores", "gigabytes", "processes"), [(1, 8, 1), (4, 8, 4), (16, 2, 3), (2, 0.1, 1)])
def test_as_many_processes_as_cores_and_memory_allow(
    monkeypatch: pytest.MonkeyPatch, cores: int, gigabytes: float, processes: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    monkeypatch.setattr(os, "sysconf", lambda name: 4096 if name == "SC_PAGE_SIZE" else int(gigabytes * 2**30) // 4096)
    auto = ProxySettings.model_validate({"processes": "auto"})
    assert auto.process_count == processes
    assert ProxySettings().process_count == 1
