"""The day of a syslog line: RFC 3164 4.1.2 writes it without a year, RFC 5424 6.2.3 as ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from promptguard.rollout.bypass.observations import day_of_iso

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BSD: Final = re.compile(rf"(?:<\d{{1,3}}>)?({'|'.join(_MONTHS)}) {{1,2}}(\d{{1,2}}) ")
_ISO: Final = re.compile(r"(?:<\d{1,3}>\d? ?)?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)")
_LEAP_YEARS: Final = 8
"""Years among which every day of a year is: 1900 and 2100 have no 29 February."""


class Days:
    """Tells the day of lines; without a year, the last such day that has been."""

    def __init__(self, today: Callable[[], date] = lambda: datetime.now(UTC).date()) -> None:
        self._today = today()
        self._last_such_day = lru_cache(maxsize=400)(self._last)

    def of(self, line: str) -> str:
        """Such as 2026-11-29; empty where a line begins with no time."""
        if match := _BSD.match(line):
            return self._last_such_day(_MONTHS.index(match[1]) + 1, int(match[2]))
        if match := _ISO.match(line):
            try:
                return day_of_iso(match[1].replace(",", "."))
            except ValueError:
                return ""
        return ""

    def _last(self, month: int, day: int) -> str:
        latest = self._today + timedelta(days=1)  # the clocks and zones of others
        for year in range(latest.year, latest.year - _LEAP_YEARS - 1, -1):
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if found <= latest:
                return found.isoformat()
        return ""
