"""Whose a decision is, and which confirmed incidents are the same person's: read from the record, and kept nowhere.

Who it was is known by the pseudonym of the record alone, and only where somebody signed in to the proxy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import select

from promptguard.audit.events import timestamp
from promptguard.audit.export import show
from promptguard.audit.interface import RecordDamaged, Store
from promptguard.review.accounts import NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.incidents.case import IncidentCase
from promptguard.review.incidents.opening import has_left
from promptguard.review.incidents.shelf import IncidentShelf
from promptguard.review.tables import verdict

MAX_SHOWN: Final = 50
"""Earlier incidents that are shown, the newest; whether it was one or several is what is asked."""

_NOT_SIGNED_IN: Final = frozenset({"unknown", "address"})
"""Values of `identity_source`: an address is a machine's, or a whole network's, and no person's."""

type Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Finds earlier incidents of a decision's person. For any thread.

    Args:
        programs: groups whose members are programs, and no persons.
    """

    database: ReviewDatabase
    record: Store
    shelf: IncidentShelf
    programs: Collection[str]

    def pseudonym(self, decision_id: str) -> str:
        """Whose request it was.

        Raises:
            NotPossible: nobody's that is known, or the decision cannot be read.
        """
        event = self._event(decision_id)
        if event is None:
            raise NotPossible("This decision cannot be read any more.")
        found = self._person(event)
        if not found:
            raise NotPossible("Whose request this was is not known: nobody signed in to the proxy, or a program did.")
        return found

    def confirmed(self, case: IncidentCase, decision_id: str, since: datetime) -> Sequence[IncidentCase]:
        """Confirmed incidents in which something of the same person's left, before what this one is about.

        They are the newest, `MAX_SHOWN` at most.

        Args:
            decision_id: one of its decisions, that of the person.
            since: what happened before is left out; with a time zone.

        Raises:
            NotPossible: see `pseudonym`.
        """
        pseudonym = self.pseudonym(decision_id)
        of_this = [each for id in case.decisions if (each := self._event(id))]
        prompts = {_prompt(each) for each in of_this}
        # One that was opened by hand began later than what it is about.
        before = min(str(each["time"]) for each in of_this if self._person(each) == pseudonym)

        def theirs(earlier: IncidentCase) -> bool:
            events = [each for id in earlier.decisions if (each := self._event(id))]
            mine = [each for each in events if self._person(each) == pseudonym]
            # Where it is about several persons' requests, only what left of their own is theirs.
            alone = len(mine) == len(earlier.decisions)
            counted = [
                each
                for each in mine
                if timestamp(since) <= str(each["time"]) < before
                and _prompt(each) not in prompts
                and (alone or has_left(each))
            ]
            wrong = self._false_alarms([str(each["id"]) for each in counted]) if counted else ()
            return len(wrong) < len(counted)

        others = (each for each in self.shelf.confirmed(int(since.timestamp())) if each.id != case.id)
        return list(islice(filter(theirs, others), MAX_SHOWN))

    def _event(self, id: str) -> Members | None:
        try:
            return show(self.record, id)
        except RecordDamaged:  # in doubt, nothing is said of anybody
            return None

    def _person(self, event: Members) -> str:
        """The pseudonym; empty for nobody and for programs."""
        if event.get("identity_source", "") in {"", *_NOT_SIGNED_IN}:
            return ""
        if not set(self.programs).isdisjoint(event.get("groups", ())):
            return ""
        return str(event.get("pseudonym", ""))

    def _false_alarms(self, ids: Sequence[str]) -> set[str]:
        """Those that some reviewer holds to be a false alarm."""
        wrong = select(verdict.c.decision_id).where(verdict.c.decision_id.in_(ids), verdict.c.right == 0)
        with self.database.reading() as connection:
            return set(connection.scalars(wrong))


def _prompt(event: Members) -> str:
    """What decisions on the same prompt have in common."""
    return str(event.get("incident") or event["id"])
