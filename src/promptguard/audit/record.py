"""Events as canonical JSON: one event, one sequence of bytes, on every machine."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import orjson

from promptguard.audit.interface import Entry, RecordingFailed
from promptguard.model import Event

_FIELDS = tuple(field.name for field in fields(Event))


def canonical(event: Event) -> Entry:
    """An event, ready to be recorded.

    Its JSON is UTF-8 without spaces, members sorted by name, numbers in their shortest form.

    Raises:
        RecordingFailed: something in the event is not plain JSON.
    """
    members: dict[str, Any] = {name: getattr(event, name) for name in _FIELDS}
    try:
        members["findings"] = [dict(finding) for finding in event.findings]
        members["latency_ms"] = dict(event.latency_ms)
        return Entry(event.id, event.time, event.action, orjson.dumps(members, option=orjson.OPT_SORT_KEYS))
    except (TypeError, ValueError):
        # orjson's own message may quote what it could not write.
        raise RecordingFailed("An event holds something that cannot be written as JSON.") from None


def parsed(event: bytes) -> dict[str, Any]:
    """The event of a record as a plain dict.

    Raises:
        ValueError: the bytes are no JSON object.
    """
    try:
        members = orjson.loads(event)
    except orjson.JSONDecodeError:  # its message quotes the bytes
        members = None
    if not isinstance(members, dict):
        raise ValueError("the event of this record is no JSON object")
    return members
