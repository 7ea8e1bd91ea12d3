"""Checks of dates."""

from __future__ import annotations

import re
from datetime import date

from promptguard.detectors.validators.registry import validator

_MONTHS = (
    "jan gen ene tammi",
    "feb fév feb helmi",
    "mar mär mrt maa marz",
    "apr avr abr huhti",
    "may mai mag maj mei touko mag",
    "jun juin giu kesä",
    "jul juil lug heinä",
    "aug août ago elo aoû",
    "sep set syys",
    "oct okt ott loka out",
    "nov marras",
    "dec dez déc dic joulu",
)
"""What the names of the months start with, January first."""

_MONTH_STARTS = {start: number for number, starts in enumerate(_MONTHS, 1) for start in starts.split()}

_COMPACT = 8
"""Digits of a date in one piece: `19840312`."""

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{3,}")


def _month(word: str) -> int | None:
    """The number of the month that `word` names in one of our languages, or abbreviates."""
    folded = word.casefold()
    for length in (6, 5, 4, 3):
        number = _MONTH_STARTS.get(folded[:length])
        if number:
            return number
    return None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return 1900 <= year <= 2099


@validator("calendar_date")
def calendar_date(match_text: str) -> bool | None:
    """A date of which some reading (day first, month first, year first) exists and lies in 1900 to 2099.

    A month may be named in any of our languages; the year may be left out then.
    """
    numbers = [int(number) for number in _NUMBER.findall(match_text)]
    named = [month for month in map(_month, _WORD.findall(match_text)) if month]
    if named:
        day, year = (numbers[0], numbers[1]) if len(numbers) == 2 else (numbers[0], 2000) if numbers else (1, 2000)
        if day > 31:
            day, year = year, day
        return None if numbers and _exists(_full_year(year), named[0], day) else False
    if len(numbers) == 1 and len(match_text.strip()) == _COMPACT:
        digits = match_text.strip()
        numbers = [int(part) for part in (digits[:4], digits[4:6], digits[6:])]
        if not _exists(*numbers):
            numbers = [int(part) for part in (digits[:2], digits[2:4], digits[4:])]
    if len(numbers) != 3:
        return False
    first, second, third = numbers
    readings = ((first, second, third), (_full_year(third), second, first), (_full_year(third), first, second))
    return None if any(_exists(*reading) for reading in readings) else False


def _full_year(year: int) -> int:
    return year + (1900 if year > 29 else 2000) if year < 100 else year
