"""What of a record may leave the installation: one positive list, which all forms and sinks stand behind.

A member that is not listed (`audit.columns`) stays, and so does one that has not the form it should have: whatever goes
wrong upstream, no value of a prompt passes here as a shape, an id or a fingerprint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, NewType

from promptguard.audit.columns import COLUMNS, TEST, Column, Holds

OutgoingRecord = NewType("OutgoingRecord", Mapping[str, Any])
"""A record that went through a `PrivacyFilter`: the only kind that forms and sinks take."""


class LeaveOut(StrEnum):
    """Members that a company may keep to itself."""

    PSEUDONYM = "pseudonym"
    GROUPS = "groups"
    SUBJECT = "subject"
    """Of findings: which customer or document was recognised."""
    FINGERPRINT = "fingerprint"
    SHAPE = "shape"
    OFFSETS = "offsets"
    """Of findings: `start` and `end`."""
    COMMENTS = "comments"
    """Of verdicts: what reviewers write, masked before it was kept."""


class PrivacyFilter:
    """Takes out of a record what may not leave.

    Args:
        left_out: members that are emptied, beside what never leaves.
    """

    def __init__(self, left_out: Collection[LeaveOut] = ()) -> None:
        self._emptied = {name for member in left_out for name in _NAMES.get(member, (str(member),))}

    def __call__(self, record: Mapping[str, Any]) -> OutgoingRecord:
        """The record as it may leave; members that are left out are empty, so that forms need not ask for them."""
        return OutgoingRecord(self._listed(record, _MEMBERS))

    def _listed(self, members: Mapping[str, Any], listed: Iterable[Column]) -> dict[str, Any]:
        return {
            column.name: self._rows(members[column.name], column.of)
            if column.holds is Holds.ROWS
            else _checked(column, None if column.name in self._emptied else members[column.name])
            for column in listed
            if column.name in members
        }

    def _rows(self, rows: Any, listed: Iterable[Column]) -> list[dict[str, Any]]:
        return [self._listed(row, listed) for row in rows if isinstance(row, Mapping)]


def _checked(column: Column, value: Any) -> Any:
    """What of a value leaves."""
    if column.pattern:
        return value if isinstance(value, str) and re.fullmatch(column.pattern, value) else ""
    return _CHECKS[column.holds](value)


def _text(value: Any) -> str:
    """Words of the configuration, as the record has them already."""
    return value if isinstance(value, str) else ""


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []


def _number(value: Any) -> int | float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _milliseconds(value: Any) -> dict[str, int | float]:
    return {str(step): _number(each) for step, each in value.items()} if isinstance(value, Mapping) else {}


def _true(value: Any) -> bool:
    return value is True


_CHECKS: Final[Mapping[Holds, Callable[[Any], Any]]] = {
    Holds.TEXT: _text,
    Holds.TEXT_OR_NONE: _text_or_none,
    Holds.NUMBER: _number,
    Holds.FRACTION: _number,
    Holds.TRUTH: _true,
    Holds.TEXTS: _texts,
    Holds.MILLISECONDS: _milliseconds,
}

_MEMBERS: Final = (*COLUMNS, TEST)

_NAMES: Final[Mapping[LeaveOut, tuple[str, ...]]] = {
    LeaveOut.OFFSETS: ("start", "end"),
    LeaveOut.COMMENTS: ("comment",),
}
