"""How each service was used, from the record: enough to tell when one goes on without being understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from promptguard.model import Inspection, Purpose

MIN_DAYS: Final = 3
"""Days with prompts after which a service is one that people use."""

MIN_SILENT_DAYS: Final = 3
MIN_OTHER: Final = 10
"""Days on which a service's other traffic went on without a prompt, and requests of it, before that counts as silence:
a weekend is none."""

_PROMPTS: Final = frozenset({str(Purpose.PROMPT), str(Purpose.UPLOAD)})


@dataclass(slots=True)
class Usage:
    """Requests to one service."""

    prompts: int = 0
    others: int = 0
    """Requests for accounts and statistics, and for the pages themselves."""
    not_inspected: int = 0
    """Prompts of which not all could be read."""
    prompt_days: set[str] = field(default_factory=set)
    """In UTC, such as 2026-11-29."""
    others_by_day: dict[str, int] = field(default_factory=dict)

    @property
    def last_prompt(self) -> str:
        """The day of the last prompt; empty where there was none."""
        return max(self.prompt_days, default="")

    @property
    def silent_since(self) -> str:
        """The day of the last prompt, where prompts have ended and other traffic goes on: the service has probably
        moved its prompts to where nobody looks. Empty where it has not."""
        after = {day: count for day, count in self.others_by_day.items() if day > self.last_prompt}
        used = len(self.prompt_days) >= MIN_DAYS
        silent = len(after) >= MIN_SILENT_DAYS and sum(after.values()) >= MIN_OTHER
        return self.last_prompt if used and silent else ""


def usage_of(events: Iterable[Mapping[str, Any]]) -> dict[str, Usage]:
    """By the services' ids, from decisions as they are recorded (`record.parsed`)."""
    found: dict[str, Usage] = {}
    for event in events:
        usage = found.setdefault(str(event["destination"]), Usage())
        day = str(event["time"])[:10]
        if not _is_prompt(event):
            usage.others += 1
            usage.others_by_day[day] = usage.others_by_day.get(day, 0) + 1
            continue
        usage.prompts += 1
        usage.prompt_days.add(day)
        usage.not_inspected += event["inspection"] != Inspection.INSPECTED
    return found


def _is_prompt(event: Mapping[str, Any]) -> bool:
    """Whether somebody's words were sent, or may have been. What no route names and has no body is the page itself and
    what it is made of: people open it whether or not the chat in it has moved."""
    if event["purpose"] not in _PROMPTS:
        return False
    return bool(event["body_bytes"] or event["route"] or event["inspection"] != Inspection.INSPECTED)
