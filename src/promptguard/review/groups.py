"""Which groups are large enough to be looked at: a list of few people's decisions would be one of theirs.

Nothing is kept for that, no set and no sketch of people: the record, which has pseudonyms, is asked for the last
decisions of a group, and what is remembered for some minutes is whether it is large enough.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, select

from promptguard.audit.events import timestamp
from promptguard.audit.export import show
from promptguard.audit.interface import Store
from promptguard.review.database import ReviewDatabase
from promptguard.review.tables import decision, decision_group, term

FEWEST: Final = 5
"""Different people: of fewer nothing is told that is about certain people or groups."""
DAYS: Final = 30
MAX_LOOKED_AT: Final = 200
"""Decisions of a group, or by a rule, that are looked at: one of which fewer people are among these counts as small."""
MAX_GROUPS: Final = 200
SECONDS: Final = 600.0
"""For so long a group that was large enough is taken for one still, and one that was not is not asked about again."""


class Sizes(ABC):
    """Knows of names that decisions have whether those of enough people have them. For any thread.

    Args:
        now: seconds that only grow.
    """

    def __init__(self, database: ReviewDatabase, record: Store, now: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._record = record
        self._now = now
        self._asking = threading.Lock()
        self._known: dict[str, tuple[float, bool]] = {}

    def is_large(self, name: str) -> bool:
        """Whether decisions of so many people have a name."""
        with self._asking:
            at, large = self._known.get(name, (float("-inf"), False))
            if self._now() - at < SECONDS:
                return large
            large = self._look(name)
            if len(self._known) >= 2 * MAX_GROUPS:
                self._known.clear()
            self._known[name] = (self._now(), large)
            return large

    @abstractmethod
    def decisions(self, name: str, since: str) -> Select[Any]:
        """What asks for the ids of the last decisions that have a name, the newest first."""

    def _look(self, name: str) -> bool:
        since = timestamp(datetime.now(UTC) - timedelta(days=DAYS))
        with self._database.reading() as connection:
            ids = list(connection.scalars(self.decisions(name, since).limit(MAX_LOOKED_AT)))
        people: set[str] = set()
        for id in ids:
            event = show(self._record, id)
            people |= {str(event["pseudonym"])} if event and event.get("pseudonym") else set()
            if len(people) >= FEWEST:
                return True
        return False


class GroupSizes(Sizes):
    """Knows which groups are large enough."""

    def large(self) -> list[str]:
        """The groups that may be filtered by, by name."""
        names = select(term.c.name).where(term.c.kind == "group").order_by(term.c.name).limit(MAX_GROUPS)
        with self._database.reading() as connection:
            groups = list(connection.scalars(names))
        return [group for group in groups if self.is_large(group)]

    def decisions(self, name: str, since: str) -> Select[Any]:
        return (
            select(decision.c.id)
            .join(decision_group, decision_group.c.position == decision.c.position)
            .where((decision_group.c.group_name == name) & (decision_group.c.time >= since))
            .order_by(decision_group.c.time.desc(), decision_group.c.position.desc())
        )
