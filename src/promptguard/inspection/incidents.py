"""Which decisions belong to one incident: what a page sends while somebody types, the message after it, and the same
values again within half a minute. People are told of an incident once.

In memory, and gone with the process: at worst something is told twice.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Final, NamedTuple

WINDOW_SECONDS: Final = 30.0
"""After the first message of an incident, or after the last draft, in which more belongs to it."""

MAX_SCOPES: Final = 4_096
"""Persons at services of whom incidents are kept, those with the newest."""

MAX_INCIDENTS: Final = 8
"""Incidents of one scope at a time: a person may work in several windows."""

MAX_VALUES: Final = 256
"""Different values of one incident that are told apart; requests with more are incidents by themselves."""


class Incident(NamedTuple):
    """Where a decision belongs."""

    id: str
    """The id of the first decision of it; empty where nothing was found."""
    told: bool = False
    """It was told before, or is not to be told yet."""


NO_INCIDENT: Final = Incident("")


@dataclass(slots=True)
class _Open:
    id: str
    until: float
    values: frozenset[str]
    """Fingerprints."""
    drafting: bool
    """Only drafts so far: the message is still to come."""

    def takes(self, values: Set[str], *, draft: bool) -> bool:
        """Whether a request with these values belongs to it.

        A value that is still being typed has another fingerprint with each letter. Once the message was sent, the box
        may still be read: of that, a part of the message's values is enough.
        """
        return self.drafting or self.values == values or (draft and values <= self.values)


class Incidents:
    """Those of the last half minute, by scope."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_scope: OrderedDict[str, list[_Open]] = OrderedDict()

    def place(self, scope: str, decision_id: str, values: frozenset[str], *, draft: bool) -> Incident:
        """Where a decision belongs in which these values (fingerprints) were found; `draft`: before it is sent."""
        if not values or len(values) > MAX_VALUES:
            return Incident(decision_id, draft) if values else NO_INCIDENT
        now = self._clock()
        known = [each for each in self._by_scope.pop(scope, ()) if each.until > now]
        found = next((each for each in reversed(known) if each.takes(values, draft=draft)), None)
        told = draft or (found is not None and not found.drafting)
        if found is None:
            found = _Open(decision_id, now + WINDOW_SECONDS, values, draft)
            known.append(found)
        elif found.drafting:
            found.until, found.values, found.drafting = now + WINDOW_SECONDS, values, draft
        self._by_scope[scope] = known[-MAX_INCIDENTS:]
        if len(self._by_scope) > MAX_SCOPES:
            self._by_scope.popitem(last=False)
        return Incident(found.id, told)
