from __future__ import annotations

import pytest

from promptguard.rollout.bypass.observations import day_of_epoch, day_of_iso, way_of
from promptguard.rollout.bypass.ways import Way


@pytest.mark.parametrize(("seconds", "day"), [("0", "1970-01-01"), (86_399.9, "1970-01-01"), ("-1", "1969-12-31")])
def test_the_day_of_seconds(seconds: str | float, day: str) -> None:
    assert day_of_epoch(seconds) == day


@pytest.mark.parametrize("seconds", ["", "x", "nan", "inf", 1e300, -1e300])
def test_what_is_no_time(seconds: str | float) -> None:
    with pytest.raises(ValueError, match=r"."):
        day_of_epoch(seconds)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-11-29T23:00:00-0200", "2026-11-30"), ("2026-11-29T23:00:00", "2026-11-29"), ("2026-11-29", "2026-11-29")],
)
def test_the_day_of_an_instant(text: str, day: str) -> None:
    assert day_of_iso(text) == day


@pytest.mark.parametrize("text", ["x", "2026-02-30T00:00:00", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        day_of_iso(text)


@pytest.mark.parametrize(
    ("protocol", "port", "way"),
    [
        ("udp", 443, Way.QUIC),
        ("tcp", 443, Way.TLS),
        ("tcp", 80, None),
        ("icmp", 443, None),
        ("tcp", 853, Way.ENCRYPTED_DNS),
        ("udp", 853, Way.ENCRYPTED_DNS),
        ("sctp", 853, None),
    ],
)
def test_the_way_of_a_port(protocol: str, port: int, way: Way | None) -> None:
    assert way_of(protocol, port) is way
