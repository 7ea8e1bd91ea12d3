from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network

import pytest
from tests.rollout.bypass.inputs import watched

from promptguard.rollout.bypass import tally as module
from promptguard.rollout.bypass.networks import Networks
from promptguard.rollout.bypass.observations import Answer, Connection, Observation, Query
from promptguard.rollout.bypass.tally import Found, Tally
from promptguard.rollout.bypass.ways import Way

DAY = "2026-11-29"
PROXY = "10.9.0.1"
NETWORK = "10.0.0.0/24"


def connection(way: Way | None = Way.TLS, host: str = "", target: str = "192.0.2.7", source: int = 1) -> Connection:
    return Connection(DAY, f"10.0.0.{source}", target, way, host)


def resolver(host: str = "", target: str = "76.76.2.1") -> Connection:
    return connection(Way.ENCRYPTED_DNS, host, target)


OTHERS = [connection(None, source=number) for number in range(1, 6)]
"""Enough machines for their network to be told."""
OWN = connection(Way.TLS, "chatgpt.com")
OWN_ADDRESS = Answer("chatgpt.com", "192.0.2.7")
SEEN = Found(Way.TLS, "chatgpt", "chatgpt.com", NETWORK, 1, DAY, DAY, by_address=False, uses_proxy=False)
BY_ADDRESS = SEEN._replace(by_address=True)
RESOLVER = SEEN._replace(way=Way.ENCRYPTED_DNS, service="encrypted DNS", host="port 853")


def found(seen: Sequence[Observation], since: str = "", proxies: Sequence[str] = (PROXY,)) -> list[Found]:
    tally = Tally(watched(), Networks(proxies=map(ip_network, proxies)), since)
    for each in seen:
        tally.take(each)
    return tally.found()


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ([OWN], [SEEN]),
        ([OWN, OWN._replace(day="2026-11-30")], [SEEN._replace(times=2, last_day="2026-11-30")]),
        ([OWN, OWN._replace(day="")], [SEEN._replace(times=2)]),
        ([OWN._replace(day="")], [SEEN._replace(first_day="", last_day="")]),
        ([OWN._replace(way=Way.QUIC), OWN],
         [SEEN._replace(way=Way.QUIC), SEEN]),
        ([OWN._replace(host="www.example.com")], []),
        ([OWN._replace(host="auth.openai.com")], []),
        ([OWN._replace(source=PROXY)], []),
        ([OWN._replace(target=PROXY)], []),
        ([OWN, connection(None, target=PROXY)], [SEEN._replace(uses_proxy=True)]),
        ([OWN._replace(way=Way.OTHER_PROXY, host="chatgpt.com:443")], [SEEN._replace(way=Way.OTHER_PROXY)]),
        ([OWN._replace(way=Way.OTHER_PROXY, host="chatgpt.com:443", target=PROXY)], []),
        ([Query(DAY, "10.0.0.1", "chatgpt.com")], [SEEN._replace(way=Way.DNS)]),
        ([Query(DAY, PROXY, "chatgpt.com")], []),
        ([Query(DAY, "10.0.0.1", "dns.google")],
         [SEEN._replace(way=Way.ENCRYPTED_DNS, service="encrypted DNS", host="dns.google")]),
        # DNS over TLS and QUIC
        ([resolver()], [RESOLVER]),
        ([resolver("resolver.example.com")], [RESOLVER]),
        ([resolver("resolver.example.com"), resolver(), resolver()], [RESOLVER._replace(times=2)]),
        ([resolver("dns.google", "8.8.8.8")], [RESOLVER._replace(host="dns.google")]),
        ([resolver("", "8.8.8.8"), Answer("dns.google", "8.8.8.8")],
         [RESOLVER._replace(host="dns.google", by_address=True)]),
        ([resolver(), Answer("chatgpt.com", "76.76.2.1")], [RESOLVER]),
        ([resolver("", "10.0.0.53"), resolver("resolver.example.com", "192.168.0.53"), resolver("", "")], []),
        ([resolver("", PROXY), OWN], [SEEN]),
        # By address alone
        ([connection(), OWN_ADDRESS], [BY_ADDRESS]),
        ([OWN_ADDRESS, OWN_ADDRESS, connection(Way.QUIC)], [BY_ADDRESS._replace(way=Way.QUIC)]),
        ([connection(target="2001:0db8:0000:0000:0000:0000:0000:0007"), OWN_ADDRESS._replace(address="2001:DB8::7")],
         [BY_ADDRESS]),
        ([connection()], []),
        ([connection(), OWN_ADDRESS, Answer("shared.example", "192.0.2.7")], []),
        ([Answer("shared.example", "192.0.2.7"), OWN_ADDRESS, connection()], []),
        ([OWN_ADDRESS, Answer("claude.ai", "192.0.2.7"), OWN_ADDRESS, connection()], []),
        # The same connection in two logs
        ([OWN, OWN, connection(), OWN_ADDRESS], [SEEN._replace(times=2)]),
        ([OWN, connection(), connection(), OWN_ADDRESS], [SEEN._replace(times=2)]),
    ],
)  # fmt: skip
def test_what_went_past_the_proxy(seen: list[Observation], told: list[Found]) -> None:
    assert found([*OTHERS, *seen]) == told


@pytest.mark.parametrize(
    ("since", "times"), [("2026-11-29", [1]), ("2026-11-30", []), ("", [1])]
)  # fmt: skip
def test_what_was_before_the_first_day_does_not_count(since: str, times: list[int]) -> None:
    assert [each.times for each in found([*OTHERS, OWN], since)] == times
    assert found([*OTHERS, OWN._replace(day="")], "2026-11-30")[0].times == 1


def test_without_a_proxys_address_another_proxy_may_be_ours() -> None:
    assert found([*OTHERS, OWN._replace(way=Way.OTHER_PROXY)], proxies=()) == []


@pytest.mark.parametrize(
    ("sources", "networks"),
    [
        (["10.0.0.1"] * 9, [(None, None)]),
        (["10.0.0.1", "10.0.1.1", "10.0.2.1", "10.0.3.1"], [(None, None)]),
        (["10.0.0.1", "10.0.1.1", "10.0.2.1", "10.0.3.1", "10.0.3.2"], [(None, 5)]),
        ([f"10.0.0.{number}" for number in range(4)], [(None, None)]),
        ([f"10.0.0.{number}" for number in range(5)], [(NETWORK, 5)]),
        ([*(f"10.0.0.{number}" for number in range(5)), "10.0.1.1"], [(NETWORK, 5), (None, None)]),
    ],
)
def test_few_machines_are_not_told_by_themselves(
    sources: list[str], networks: list[tuple[str | None, int | None]]
) -> None:
    seen = [OWN._replace(source=source) for source in sources]
    assert [(each.network, each.times) for each in found(seen)] == networks


def test_memory_is_bounded_and_what_had_no_room_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ADDRESSES", 1)
    tally = Tally(watched(), Networks())
    for seen in (OWN_ADDRESS, Answer("claude.ai", "192.0.2.8"), connection(), connection(target="192.0.2.8")):
        tally.take(seen)
    assert tally.left_out == 2
    assert [each.host for each in tally.found()] == ["chatgpt.com"]


def test_a_source_that_is_no_address_is_a_mistake_of_the_line() -> None:
    with pytest.raises(ValueError, match="laptop"):
        found([OWN._replace(source="laptop")])
