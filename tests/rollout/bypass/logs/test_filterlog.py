from __future__ import annotations

import pytest
from tests.rollout.bypass.inputs import read

from promptguard.rollout.bypass.logs.filterlog import Filterlog
from promptguard.rollout.bypass.observations import Connection
from promptguard.rollout.bypass.ways import Way

DAY = "2026-11-29"


def line(
    action: str = "pass", way: str = "in", protocol: str = "udp", port: str = "443", version: str = "4",
    tag: str = "filterlog[91]:",
) -> str:  # fmt: skip
    head = f"7,,,1000000103,igc1,match,{action},{way},{version},"
    if version == "4":
        rest = f"0x0,,64,4711,0,DF,17,{protocol},1278,10.0.0.5,192.0.2.7,50123,{port},1258"
    else:
        rest = f"0x00,0x8a1b2,64,{protocol.upper()},17,1238,2001:db8:1::5,2001:db8:2::7,50123,{port},1238"
    return f"{DAY}T10:00:00Z gate {tag} {head}{rest}"


QUIC = Connection(DAY, "10.0.0.5", "192.0.2.7", Way.QUIC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (line(), [QUIC]),
        (line(protocol="tcp"), [QUIC._replace(way=Way.TLS)]),
        (line(port="8080", protocol="tcp"), [QUIC._replace(way=None)]),
        (line(version="6"), [Connection(DAY, "2001:db8:1::5", "2001:db8:2::7", Way.QUIC)]),
        (line(tag="filterlog"), [QUIC]),
        (line(tag="filterlog 91 - -").replace("filterlog 91 - - ", "filterlog 91 - [meta x=\"1\"] "), [QUIC]),
        (line(action="block"), []),
        (line(way="out"), []),
        (line(protocol="icmp"), []),
    ],
)  # fmt: skip
def test_what_the_filter_has_let_in(text: str, said: list[object]) -> None:
    assert read(Filterlog, [text]) == said


@pytest.mark.parametrize(
    "text",
    [
        f"{DAY}T10:00:00Z gate filterlog[91]: ",
        f"{DAY}T10:00:00Z gate filterlog[91]: 7,,,1",
        line(version="5"),
        line(port="https"),
        line().rpartition(",10.0.0.5")[0],
        line().rpartition(",50123")[0],
    ],
)
def test_damaged_lines_are_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Filterlog().read(text)


def test_lines_of_others_are_not_taken() -> None:
    assert Filterlog().read("Nov 29 10:00:00 gate sshd[7]: a,b,c") is None
