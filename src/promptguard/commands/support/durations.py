"""Durations as people write them: `30m`, `4h`, `14d`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

import click

_DURATION: Final = re.compile(r"(?P<number>\d{1,5})\s*(?P<unit>[mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Duration(click.ParamType[timedelta]):
    """A number and a unit: m, h, d or w (minutes, hours, days, weeks)."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The duration.

        Raises:
            click.BadParameter: it is none, or none at all long.
        """
        if isinstance(value, timedelta):
            return value
        found = _DURATION.fullmatch(str(value).strip().lower())
        if found is None or not int(found["number"]):
            self.fail(f"“{value}” is no duration. Write 30m, 4h, 14d or 2w.", param, ctx)
        return timedelta(**{_UNITS[found["unit"]]: int(found["number"])})


DURATION: Final = Duration()
