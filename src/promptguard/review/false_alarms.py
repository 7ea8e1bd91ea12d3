"""Letting values pass that were found by mistake: who may ask, who may accept, and for how long.

What counts is the policy in force, and each proxy looks at its own once more.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from promptguard.audit.events import timestamp
from promptguard.detectors.false_alarms import MAX_REASON, FalseAlarm, FalseAlarmState, FalseAlarmStore
from promptguard.policy.schema import FalseAlarms
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import one_line
from promptguard.review.two_persons import not_two_persons

MAX_AT_ONCE: Final = 50

type Value = tuple[str, str]
"""Fingerprint and entity type."""


class FalseAlarmBook:
    """For any thread.

    Args:
        terms: what the policy in force says of them.
        database: knows the accounts, and who set them up.
        now: the time.
    """

    def __init__(
        self,
        store: FalseAlarmStore,
        terms: Callable[[], FalseAlarms],
        database: ReviewDatabase,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self.terms = terms
        self._database = database
        self._now = now

    def all(self) -> Sequence[FalseAlarm]:
        """All of them, the latest first."""
        return self._store.all()

    def holding(self) -> Sequence[FalseAlarm]:
        """Those that let a value pass now."""
        now = timestamp(self._now())
        return [each for each in self.all() if each.holds(now)]

    def of_decision(self, id: str) -> Sequence[FalseAlarm]:
        """Those that were asked for because of a decision."""
        return [each for each in self.all() if each.decision_id == id]

    def values(self, event: Mapping[str, Any]) -> list[tuple[Value, bool]]:
        """The different values of a decision, and whether policy lets them pass at all."""
        terms = self.terms()
        found: dict[Value, bool] = {}
        for each in event.get("findings", ()):
            value = (str(each["fingerprint"]), str(each["entity_type"]))
            found[value] = not terms.forbids(value[1], str(each["data_class"]))
        return list(found.items())

    def ask(
        self, event: Mapping[str, Any], chosen: Sequence[str], account: Account, *, reason: str, days: int
    ) -> list[FalseAlarm]:
        """Ask to let values of a decision pass.

        Args:
            chosen: numbers of `values`, as a form has them.
            days: until it expires.

        Raises:
            NotPossible: policy forbids it, or something is missing.
        """
        terms, values = self.terms(), self.values(event)
        numbers = sorted(
            {int(each) for each in chosen if each.isdecimal() and len(each) < 6 and int(each) < len(values)}
        )
        reason = one_line(reason, MAX_REASON)
        if not numbers or not reason:
            raise NotPossible("Choose at least one value, and say why it is a false alarm.")
        if not 1 <= days <= terms.max_days:
            raise NotPossible(f"Your policy lets it pass for at most {terms.max_days} days.")
        if any(not values[number][1] for number in numbers) or len(numbers) > MAX_AT_ONCE:
            raise NotPossible("Your policy never lets values of this kind pass.")
        classes = {str(each["entity_type"]): str(each["data_class"]) for each in event["findings"]}
        known = {(each.fingerprint, each.entity_type) for each in self._pending()}
        now = self._now()
        asked = [
            FalseAlarm(
                id=f"al-{secrets.token_hex(6)}",
                fingerprint=fingerprint,
                entity_type=entity_type[:64],
                data_class=classes[entity_type],
                decision_id=str(event["id"]),
                reason=reason,
                asked_by=account.id,
                asked_name=account.name,
                asked=timestamp(now),
                expires=timestamp(now + timedelta(days=days)),
            )
            for (fingerprint, entity_type), _ in (values[number] for number in numbers)
            if (fingerprint, entity_type) not in known
        ]
        if not asked:
            raise NotPossible("This has been asked for already.")
        self._store.ask(asked)
        return asked

    def problem(self, id: str, account: Account) -> str:
        """Why somebody cannot accept one, as a sentence; empty if nothing is in the way."""
        terms = self.terms()
        alarm = next((each for each in self.all() if each.id == id), None)
        if alarm is None:
            return "There is no such one."
        if terms.two_people and (not_two := self._not_two(alarm, account)):
            return not_two
        if terms.forbids(alarm.entity_type, alarm.data_class):
            return "Your policy never lets values of this kind pass."
        return ""

    def answer(self, id: str, state: FalseAlarmState, account: Account) -> FalseAlarm:
        """Accept, refuse or revoke one.

        Raises:
            NotPossible: it is one's own, or policy forbids it.
            NoLongerPossible: somebody has decided on it already.
        """
        if state is FalseAlarmState.ACCEPTED and (problem := self.problem(id, account)):
            raise NotPossible(problem)
        return self._store.answer(id, state, by=account.id, name=account.name, now=timestamp(self._now()))

    def _not_two(self, alarm: FalseAlarm, account: Account) -> str:
        with self._database.reading() as connection:
            return not_two_persons(connection, alarm.asked_by, account.id)

    def _pending(self) -> list[FalseAlarm]:
        now = timestamp(self._now())
        return [
            each
            for each in self.all()
            if each.holds(now) or (each.state is FalseAlarmState.ASKED and each.genuine and now < each.expires)
        ]
