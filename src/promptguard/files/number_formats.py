"""How a spreadsheet shows a number: dates, telephone and account numbers are numbers with a format.

ECMA-376, part 1, 18.8.30 (numFmt) and 18.8.31 (format codes). Not every nicety: what tells a date or the digits of an
identifier as a person sees them.
"""

from __future__ import annotations

import math
import operator
import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

BUILT_IN: Final = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Formats that files refer to without giving them. 14 is the short date of the reader's country."""

_DATES: Final = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})

_CONDITION: Final = re.compile(r"(?:\[[^\]<>=]*\])*\[(<=|<|>=|>|=|<>)(-?\d{1,20}(?:\.\d{1,20})?)\]")
_COMPARISONS: Final = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip

_LITERAL: Final = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.')
_DATE_LETTERS: Final = re.compile(r"[ymdhs]", re.IGNORECASE)
_PLACES: Final = re.compile(r"[0#?][0#?,. \-/()]*[0#?]|[0#?]")

_PARTED: Final = re.compile(r"[0#?][ \-/()]+[0#?]|^0{2,}$")
"""Digits with something between them, or of which the first may be zeros."""

_EPOCH: Final = datetime(1899, 12, 30)
"""Day 0. Day 60 is 29 February 1900, which never was; before it, days are one off."""
_EPOCH_1904: Final = datetime(1904, 1, 1)
_LAST_DAY: Final = 2_958_466  # 10000-01-01


def is_date(number: int, code: str) -> bool:
    """Whether a format shows dates or times."""
    if not code:
        return number in _DATES
    section = _LITERAL.sub("", code.partition(";")[0])
    return bool(_DATE_LETTERS.search(section)) and not re.search(r"[0#?]{2}", section.lower().replace("ss.00", ""))


def shown(literal: str, number: int, code: str, *, from_1904: bool = False) -> str:
    """A number as its format shows it; as it stands where the format adds nothing that could matter."""
    try:
        value = float(literal)
    except ValueError:
        return literal
    if not math.isfinite(value):
        return literal
    code = _section(code, value)
    if _is_date(number, code):
        return _date(value, from_1904=from_1904) or literal
    plain = _plain(literal, value)
    code = code or BUILT_IN.get(number, "")
    if not code or code in ("General", "@"):
        return plain
    pattern = _template(code)
    if pattern and value >= 0 and value == int(value) and value < 1e16:
        return _filled(pattern, str(int(value)))
    if code.partition(";")[0].endswith("%"):
        return f"{value * 100:.10g}%"
    return plain


def in_full(literal: str) -> str:
    """A number without exponent, as it is kept; empty for what is none."""
    try:
        value = float(literal)
    except ValueError:
        return ""
    return _plain(literal, value) if math.isfinite(value) else ""


def _section(code: str, value: float) -> str:
    """The part of a format that holds for a number: the first whose condition it fits, or that has none."""
    if not code.startswith("["):
        return code
    for section in code.split(";"):
        condition = _CONDITION.match(section)
        if not condition or _COMPARISONS[condition[1]](value, float(condition[2])):
            return section
    return code


@lru_cache(4_096)
def _is_date(number: int, code: str) -> bool:
    return is_date(number, code)


@lru_cache(4_096)
def _template(code: str) -> str:
    """The digits of a format with what stands between or before them (`000-00-0000`, `00000`); empty for others."""
    section = _LITERAL.sub(lambda match: match[1] or match[2] or "", code.partition(";")[0])
    found = _PLACES.search(section)
    if not found or not _PARTED.search(found[0]) or "." in found[0] or "," in found[0]:
        return ""
    return section


def _filled(template: str, digits: str) -> str:
    """The digits put into a template from its right end; what is left over stands before."""
    places = sum(character in "0#?" for character in template)
    digits = digits.rjust(places, "0")
    extra, digits = digits[: len(digits) - places], digits[len(digits) - places :]
    following = iter(digits)
    filled = "".join(next(following) if character in "0#?" else character for character in template)
    return extra + filled


def _plain(literal: str, value: float) -> str:
    """Without exponent and rounding errors: 4.1E+15 is 4100000000000000, 0.30000000000000004 is 0.3."""
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return literal if "e" not in literal.lower() and len(literal) < 16 else f"{value:.15g}"


def _date(value: float, *, from_1904: bool) -> str:
    if not 0 <= value < _LAST_DAY:
        return ""
    moment = (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(days=value + (value < 60 and not from_1904))
    moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    if value < 1:
        return moment.strftime("%H:%M:%S")
    midnight = moment.hour == moment.minute == moment.second == 0
    return moment.date().isoformat() if midnight else moment.isoformat(" ")
