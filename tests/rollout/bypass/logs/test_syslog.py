from __future__ import annotations

from datetime import date

import pytest

from promptguard.rollout.bypass.logs.syslog import Days


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Nov 29 10:00:00 gate dnsmasq[7]: x", "2026-11-29"),
        ("Nov  3 10:00:00 gate x", "2026-11-03"),
        ("<134>Nov 29 10:00:00 gate x", "2026-11-29"),
        ("Dec  1 00:00:01 a zone ahead of ours", "2026-12-01"),
        ("Dec 24 10:00:00 that has not been this year", "2025-12-24"),
        ("Feb 29 10:00:00 of the last leap year", "2024-02-29"),
        ("Feb 30 10:00:00 never", ""),
        ("<134>1 2026-11-29T23:30:00.5-02:00 gate filterlog", "2026-11-30"),
        ("2026-11-29T10:00:00Z gate x", "2026-11-29"),
        ("2026-11-29 10:00:00,123 gate x", "2026-11-29"),
        ("2026-13-29T10:00:00Z gate x", ""),
        ("no time at all", ""),
        ("", ""),
    ],
)
def test_the_day_of_a_line(line: str, day: str) -> None:
    assert Days(lambda: date(2026, 11, 30)).of(line) == day
