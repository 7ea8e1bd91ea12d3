"""CSV (RFC 4180) for spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from promptguard.audit.columns import COLUMNS, Column, Holds
from promptguard.audit.forms.interface import Form
from promptguard.audit.privacy import OutgoingRecord


class CommaSeparated(Form):
    """One line a record, with what has rows of its own in words: findings and allowances as counts."""

    id = "csv"
    line_end = "\r\n"

    def heading(self) -> str:
        return _line(column.name for column in COLUMNS)

    def line(self, record: OutgoingRecord) -> str:
        return _line(_cell(_in_words(column, record)) for column in COLUMNS)


def _in_words(column: Column, record: OutgoingRecord) -> object:
    value = record.get(column.name)
    match column.holds:
        case Holds.TEXTS:
            return " ".join(value or ())
        case Holds.MILLISECONDS:
            return ", ".join(f"{step} {time:g}" for step, time in (value or {}).items())
        case Holds.ROWS:
            return _ROWS[column.name](value or ())
        case _:
            return value


def _findings(rows: Iterable[Mapping[str, Any]]) -> str:
    counter = Counter(f"{each['entity_type']} ({each['data_class']})" for each in rows)
    return ", ".join(f"{what} {count}" for what, count in sorted(counter.items()))


def _allowances(rows: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(f"{each['id']} {each['count']}" for each in rows)


def _verdicts(rows: Iterable[Mapping[str, Any]]) -> str:
    return "; ".join(
        f"{each['verdict'].replace('_', ' ')}, {each['by'] or 'nobody known'}, {each['time']}"
        + (f": {each['comment']}" if each["comment"] else "")
        for each in rows
    )


_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
"""Those of full width are taken for the others where people write Chinese or Japanese."""
_FORMULA_WITHIN: Final = re.compile(r"([;\t\r\n][ \"]*)(?=[=+@\uff1d\uff0b\uff0d\uff20-])")

_ROWS: Final[Mapping[str, Callable[[Iterable[Mapping[str, Any]]], str]]] = {
    "findings": _findings,
    "allowances": _allowances,
    "verdicts": _verdicts,
}


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection).

    Where commas are decimal marks, spreadsheets separate cells at semicolons, and take quotes in a line as they come:
    a formula may then begin in the middle.
    """
    text = "" if value is None else str(value)
    text = _FORMULA_WITHIN.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_FORMULA) else text
