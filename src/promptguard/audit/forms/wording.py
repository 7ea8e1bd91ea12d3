"""What all forms say of a decision in the same way: its name, and how grave it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from promptguard.model import Action, Inspection

# 0 to 10. What was stopped matters more than what was mended; what nobody could look at is the most doubtful of all.
_SEVERITIES: Final = {Action.ALLOW: 1, Action.NOTIFY: 3, Action.REDACT: 4, Action.JUSTIFY: 6, Action.BLOCK: 7}
_NOT_INSPECTED: Final = 8

_TITLES: Final = {
    Action.ALLOW: "Prompt allowed",
    Action.NOTIFY: "Prompt allowed with a notice",
    Action.REDACT: "Prompt redacted",
    Action.JUSTIFY: "Prompt held until it is justified",
    Action.BLOCK: "Prompt blocked",
}


def title(record: Mapping[str, Any]) -> str:
    """What happened, in a few words."""
    return _TITLES[Action(record["action"])]


def severity(record: Mapping[str, Any]) -> int:
    """How grave a decision is, from 0 to 10."""
    inspected = record["inspection"] == Inspection.INSPECTED
    return max(_SEVERITIES[Action(record["action"])], 0 if inspected else _NOT_INSPECTED)


def milliseconds(record: Mapping[str, Any]) -> int:
    """The time of a decision in milliseconds since 1970."""
    return round(datetime.fromisoformat(record["time"]).timestamp() * 1000)
