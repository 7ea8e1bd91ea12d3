"""Days in a text, however they are written."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from promptguard.detectors.tenants.folding import words_of

_NUMERIC_DATE = re.compile(r"(?<![\w.])(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?![\w]|\.\d)")
_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio januari",
            "february feb februar fevrier febrero febbraio februari",
            "march mar marz maerz mars marzo maart marts",
            "april apr avril abril aprile",
            "may mai mayo maggio mei maj",
            "june jun juni juin junio giugno",
            "july jul juli juillet julio luglio",
            "august aug aout agosto augustus",
            "september sep sept septembre septiembre settembre",
            "october oct okt oktober octobre octubre ottobre",
            "november nov novembre noviembre",
            "december dec dez dezember decembre diciembre dicembre",
        ),
        1,
    )
    for month in names.split()
}
"""Months by their names in English, German, French, Spanish, Italian, Dutch and Danish, folded."""
_WORDY_DATE = re.compile(
    r"\b(?:(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er)?[ -](?:de |of )?(?P<month>[^\W\d_]{3,12})\.?,?[ -](?:de |of )?"
    r"|(?P<first>[^\W\d_]{3,12})\.? (?P<second>\d{1,2})(?:st|nd|rd|th)?,? )(?P<year>\d{4})\b",
    re.IGNORECASE,
)


def dates_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and form of each day in a text; both readings where day and month may be swapped."""
    for match in _NUMERIC_DATE.finditer(text):
        first, second, third = match[1], match[3], match[4]
        if len(first) == 4:
            readings = [(first, second, third)]
        elif len(third) == 4:
            # With dots it is day and month everywhere; with strokes it depends on the country.
            readings = [(third, second, first), (third, first, second)][: 1 if match[2] == "." else 2]
        else:
            continue
        forms = {_day_form(*map(int, reading)) for reading in readings}
        for form in sorted(form for form in forms if form):
            yield *match.span(), form
    for match in _WORDY_DATE.finditer(text):
        month = _MONTHS.get("".join(words_of(match["month"] or match["first"])))
        form = _day_form(int(match["year"]), month or 0, int(match["day"] or match["second"]))
        if form:
            yield *match.span(), form


def _day_form(year: int, month: int, day: int) -> str:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return ""
    return f"={year:04}-{month:02}-{day:02}"
