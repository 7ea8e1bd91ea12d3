"""Zeek's logs as it writes them by default: columns, and what they are in lines before them.

https://docs.zeek.org/en/current/log-formats.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from promptguard.rollout.bypass.logs.interface import LineFormat
from promptguard.rollout.bypass.logs.zeek_records import observations_of
from promptguard.rollout.bypass.observations import Observation

_DIRECTIVES: Final = frozenset(
    {"#separator", "#set_separator", "#empty_field", "#unset_field", "#path", "#open", "#fields", "#types", "#close"}
)


class ZeekColumns(LineFormat):
    """One file, or several one after the other."""

    title = "Zeek log (columns)"

    def __init__(self) -> None:
        self._separator = "\t"
        self._of_sets = ","
        self._unset = "-"
        self._empty = "(empty)"
        self._path = ""
        self._fields: list[str] = []
        self._sets: frozenset[str] = frozenset()

    def read(self, line: str) -> Iterable[Observation] | None:
        """See `LineFormat.read`."""
        if line.startswith("#"):
            return () if self._directive(line) else None
        if not self._fields or self._separator not in line:
            return None
        values = line.split(self._separator)
        if len(values) != len(self._fields):
            raise ValueError(f"{len(values)} columns in place of {len(self._fields)}")
        pairs = zip(self._fields, values, strict=True)
        return observations_of(self._path, {field: self._value(field, value) for field, value in pairs})

    def _value(self, field: str, value: str) -> Any:
        if value == self._unset:
            return None
        if field in self._sets:
            return [] if value == self._empty else value.split(self._of_sets)
        return "" if value == self._empty else value

    def _directive(self, line: str) -> bool:
        name, _, rest = line.partition(" " if line.startswith("#separator") else self._separator)
        if name not in _DIRECTIVES:
            return False
        match name:
            case "#separator":
                self._separator = bytes.fromhex(rest[2:]).decode("latin-1") if rest.startswith("\\x") else rest or "\t"
            case "#set_separator":
                self._of_sets = rest or ","
            case "#empty_field":
                self._empty = rest
            case "#unset_field":
                self._unset = rest
            case "#path":
                self._path = rest
            case "#fields":
                self._fields = rest.split(self._separator)
            case "#types":
                kinds = zip(self._fields, rest.split(self._separator), strict=False)
                self._sets = frozenset(field for field, kind in kinds if kind.startswith(("set[", "vector[")))
        return True
