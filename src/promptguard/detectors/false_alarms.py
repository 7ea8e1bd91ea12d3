"""Values that reviewers hold to be false alarms: as keyed hashes, each with an author, a reason and an end.

One person asks, another accepts (the policy's section `false_alarms` says for what, and for how long). What was
accepted counts from the next look of each proxy on, until it expires or is revoked.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from promptguard.detectors.recognizers.allow_list import Allowance, AllowList
from promptguard.errors import PromptGuardError

MAX_REASON: Final = 300


class FalseAlarmState(StrEnum):
    """How far one has come."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REVOKED = "revoked"


ANSWERS: Final = {
    FalseAlarmState.ACCEPTED: FalseAlarmState.ASKED,
    FalseAlarmState.REFUSED: FalseAlarmState.ASKED,
    FalseAlarmState.REVOKED: FalseAlarmState.ACCEPTED,
}
"""What can become of one, and what it has to be before."""


class NoLongerPossible(PromptGuardError):
    """Somebody else was quicker, or there is no such one."""


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """One value that is no finding, taken for one entity type."""

    id: str
    fingerprint: str
    """As the record has it (`detectors.values.fingerprint`)."""
    entity_type: str
    data_class: str
    decision_id: str
    """Where it was found."""
    reason: str
    asked_by: str
    """The account's id."""
    asked_name: str
    asked: str
    """As `Event.time`."""
    expires: str
    state: FalseAlarmState = FalseAlarmState.ASKED
    decided_by: str = ""
    decided_name: str = ""
    decided: str = ""
    genuine: bool = True
    """False where somebody changed it in the database: then it allows nothing."""
    in_doubt: bool = False
    """True where it may have been put back as it was before (`FalseAlarmsRead.doubt`): then it allows nothing."""

    def holds(self, now: str) -> bool:
        """Whether it is in force."""
        return self.genuine and not self.in_doubt and self.state is FalseAlarmState.ACCEPTED and now < self.expires


class FalseAlarmsRead(NamedTuple):
    """All of them, as they are at one time."""

    alarms: Sequence[FalseAlarm]
    """The latest first."""
    doubt: str
    """Why some may be as they were before, as a sentence; empty where that cannot be. Then none of them counts."""


class FalseAlarmStore(ABC):
    """Keeps them. From any thread; several processes may use it."""

    @abstractmethod
    def revision(self) -> str:
        """What is another where what is in force may have changed. Cheap.

        Raises:
            StorageError: it cannot be read.
        """

    @abstractmethod
    def ask(self, alarms: Sequence[FalseAlarm]) -> None:
        """Keep new ones, all of them or none.

        Raises:
            StorageError: they cannot be kept.
        """

    @abstractmethod
    def answer(self, id: str, state: FalseAlarmState, *, by: str, name: str, now: str) -> FalseAlarm:
        """Accept, refuse or revoke one.

        Raises:
            NoLongerPossible: it is not in the state that this follows (`ANSWERS`), was changed in the database, or has
                expired.
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def forget(self, before: str) -> int:
        """Delete those that pass no more since then (as `Event.time`), or were not answered in time; say how many.

        Raises:
            StorageError: they cannot be deleted.
        """

    @abstractmethod
    def read(self) -> FalseAlarmsRead:
        """All of them, and whether they are as they were left.

        Raises:
            StorageError: they cannot be read.
        """

    def all(self) -> Sequence[FalseAlarm]:
        """All of them, the latest first.

        Raises:
            StorageError: they cannot be read.
        """
        return self.read().alarms

    @abstractmethod
    def note(self) -> None:
        """Let all that share the database know how they stand: as they are from now on, or in doubt.

        Raises:
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def restored(self) -> None:
        """Put them in doubt: the database was put back from a backup.

        Raises:
            StorageError: it cannot be kept.
        """

    @abstractmethod
    def accept(self, now: str) -> None:
        """Take them as they are from now on, on all machines: somebody has looked.

        Args:
            now: the time, as `Event.time`.

        Raises:
            StorageError: it cannot be kept.
        """


def as_allow_list(base: AllowList, alarms: Iterable[FalseAlarm]) -> AllowList:
    """An allow list, and with it these: one item an entity type, so that a value is hashed once."""
    by_type: dict[str, dict[str, str]] = {}
    for each in alarms:
        by_type.setdefault(each.entity_type, {}).setdefault(each.fingerprint, each.id)
    if not by_type:
        return base
    digest = hashlib.sha256(base.version.encode())
    for entity_type, fingerprints in sorted(by_type.items()):
        digest.update(f"\n{entity_type} {' '.join(sorted(fingerprints))}".encode())
    added = tuple(
        Allowance(
            entity_types=frozenset({entity_type}),
            fingerprints=frozenset(ids),
            reason="accepted by reviewers as a false alarm",
            ids=ids,
        )
        for entity_type, ids in sorted(by_type.items())
    )
    return AllowList((*base.allowances, *added), digest.hexdigest()[:16], base.key)


def next_end(alarms: Collection[FalseAlarm]) -> str:
    """When the first of them expires; empty for none."""
    return min((each.expires for each in alarms), default="")
