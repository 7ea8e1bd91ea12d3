"""What decides how long a record is kept: what was done, and the classes of what was found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, Final

_ALLOWED: Final = "allow"


def retention_class(event: Mapping[str, Any]) -> str:
    """The retention class of an event: `allow`, `block:credentials+personal_data`; of what was found later, that of the
    decision with it."""
    return class_of(
        str(event.get("decided") or event.get("action", "")),
        {str(each.get("data_class", "")) for each in event.get("findings", ())},
    )


def class_of(action: str, data_classes: Collection[str] = ()) -> str:
    """The retention class of what was done, and found."""
    return f"{action}:{'+'.join(sorted(data_classes))}" if data_classes else action


PLAIN: Final = class_of(_ALLOWED)
"""Of all that was simply allowed."""


class Periods:
    """For how many days records are kept.

    The shortest of the periods that apply to a record counts: its action's, and that of each data class found. Nothing
    is kept longer than anything in it may be (GDPR, article 5(1)(e)).
    """

    def __init__(self, actions: Mapping[str, int | None], data_classes: Mapping[str, int | None]) -> None:
        """`None` is until it is moved away."""
        self._actions = dict(actions)
        self._data_classes = dict(data_classes)

    def days(self, name: str) -> int | None:
        """For how long records of a retention class are kept, after the day on which they were recorded."""
        action, _, found = name.partition(":")
        periods = [self._actions.get(action), *(self._data_classes.get(each) for each in found.split("+") if found)]
        return min((days for days in periods if days is not None), default=None)

    def last_day(self, name: str, day: str) -> date | None:
        """The last day on which records of a retention class and a day (`2026-03-01`) are there; None: for good."""
        days = self.days(name)
        return None if days is None else date.fromisoformat(day) + timedelta(days=days)

    def is_over(self, name: str, day: str, today: date) -> bool:
        """Whether records of a retention class and a day (`2026-03-01`) are to go."""
        last = self.last_day(name, day)
        return last is not None and last < today
