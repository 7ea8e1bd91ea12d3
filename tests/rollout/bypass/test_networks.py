from __future__ import annotations

from ipaddress import ip_network

import pytest

from promptguard.review.groups import FEWEST as FEWEST_PEOPLE
from promptguard.rollout.bypass import networks
from promptguard.rollout.bypass.networks import ELSEWHERE, FEWEST, Networks, canonical

NAMES = {ip_network("10.20.0.0/16"): "Berlin", ip_network("10.20.7.0/24"): "Berlin, guests"}
PROXIES = [ip_network("10.0.0.9/32"), ip_network("2001:db8:9::/64")]


@pytest.mark.parametrize(
    ("source", "network"),
    [
        ("10.0.0.5", "10.0.0.0/24"),
        ("::ffff:10.0.0.5", "10.0.0.0/24"),
        ("2001:db8:1:2::5", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("10.20.1.5", "Berlin"),
        ("10.20.7.5", "Berlin, guests"),
        ("10.0.0.9", None),
        ("2001:db8:9::1", None),
    ],
)
def test_the_network_of_a_machine(source: str, network: str | None) -> None:
    found = Networks(NAMES, PROXIES)
    assert [found.of(source), found.of(source)] == [network, network]
    assert found.is_proxy(source) is (network is None)


@pytest.mark.parametrize("source", ["", "host", "10.0.0", "10.0.0.5/24"])
def test_what_is_no_address(source: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Networks().of(source)
    assert not Networks(proxies=PROXIES).is_proxy(source)


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:0DB8:0000::0007", "2001:db8::7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("x:y", "x:y"),
        ("", ""),
    ],
)
def test_an_address_has_one_form(address: str, form: str) -> None:
    assert canonical(address) == form


def test_machines_are_counted_up_to_the_fewest_and_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "_MAX_REMEMBERED", 2)
    found = Networks()
    counts = []
    for number in (1, 2, 3, 1, 2, 3, 4, 5, 6, 7):
        found.of(f"10.0.0.{number}")
        counts.append(found.machines("10.0.0.0/24"))
    assert counts == [1, 2, 3, 3, 3, 3, 4, 5, 5, 5]
    assert FEWEST == FEWEST_PEOPLE == 5


def test_networks_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "MAX_NETWORKS", 2)
    found = Networks()
    labels = [found.of(f"10.0.{number}.1") for number in (1, 2, 3, 1)]
    assert labels == ["10.0.1.0/24", "10.0.2.0/24", ELSEWHERE, "10.0.1.0/24"]
