"""What of a record may leave the installation: one positive list, which all forms and sinks stand behind.

A member that is not listed stays, and so does one that has not the form it should have: whatever goes wrong upstream,
no value of a prompt passes here as a shape, an id or a fingerprint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any, Final, NewType

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

    def _listed(self, members: Mapping[str, Any], listed: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
        return {
            name: self._findings(members[name]) if name == "findings" else checked(self._kept(name, members[name]))
            for name, checked in listed.items()
            if name in members
        }

    def _kept(self, name: str, value: Any) -> Any:
        return None if name in self._emptied else value

    def _findings(self, findings: Any) -> list[dict[str, Any]]:
        return [self._listed(finding, _OF_FINDINGS) for finding in findings if isinstance(finding, Mapping)]


def _matching(pattern: str) -> Callable[[Any], str]:
    compiled = re.compile(pattern)
    return lambda value: value if isinstance(value, str) and compiled.fullmatch(value) else ""


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


_NAMES: Final[Mapping[LeaveOut, tuple[str, ...]]] = {LeaveOut.OFFSETS: ("start", "end")}

_WORD: Final = _matching(r"[\w.:+*/-]*")
_HASH: Final = _matching(r"[0-9a-f]*")
_ID: Final = _matching(r"(pg-[0-9A-Z-]{1,40})?")

_OF_FINDINGS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "segment": _number,
    "role": _WORD,
    "position": _WORD,
    "start": _number,
    "end": _number,
    "entity_type": _WORD,
    "data_class": _WORD,
    "score": _number,
    "detector": _text,
    "fingerprint": _HASH,
    "shape": _matching(r"[aA9\W_]*"),
    "subject": _text,
    "action": _WORD,
    "rule": _text,
}

_MEMBERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "id": _ID,
    "time": _matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
    "pseudonym": _matching(r"[\w-]{0,64}"),
    "groups": _texts,
    "identity_source": _WORD,
    "destination": _WORD,
    "destination_status": _WORD,
    "host": _matching(r"[\w.*:-]*"),
    "method": _matching(r"[A-Z]*"),
    "route": _text,
    "format": _WORD,
    "purpose": _WORD,
    "action": _WORD,
    "would": _text_or_none,
    "rule": _text,
    "reason": _text,
    "policy_version": _text,
    "policy_hash": _HASH,
    "ruleset_version": _HASH,
    "inspection": _WORD,
    "problem": _text,
    "detectors": _texts,
    "findings": _texts,
    "segments": _number,
    "characters": _number,
    "body_bytes": _number,
    "latency_ms": _milliseconds,
    "adjusted": _text,
    "uncovered_languages": _texts,
    "incident": _ID,
    "evidence": _HASH,
    "chain": _WORD,
    "sequence": _number,
    "previous_hash": _HASH,
    "hash": _HASH,
    "test": _true,
}
"""By member what makes of its value the one that leaves. `findings` has a list of its own."""
