"""Whether all that was deleted was to go: stated in the chain, when its time was over, and under no hold.

A deletion is sealed with a key of the installation, so whoever has the databases alone cannot make one up. This finds
what was done with that key past PromptGuard, and with an older copy of statements.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from promptguard.audit.interface import Record, Store
from promptguard.audit.retention.holds import Hold, holds, stated
from promptguard.audit.sealing.envelope import Header
from promptguard.audit.sealing.interface import DataKey, KeyStore
from promptguard.audit.statements import StatementKind

_TOLERANCE: Final = timedelta(minutes=5)
"""By how much the clocks of machines may differ."""


class Deletions:
    """What the statements of a record say of what expired, and of holds."""

    def __init__(self, store: Store, audit_key: bytes, key_store: KeyStore, *, restoring: bool = False) -> None:
        """Read all statements.

        Args:
            audit_key: `Keys.audit`.
            restoring: whether statements may be missing that were made after a backup.

        Raises:
            RecordDamaged: a statement was changed.
            StorageError: the record cannot be read.
        """
        self._key_store = key_store
        self._restoring = restoring
        self._holds = holds(store, audit_key)
        self._stated: dict[str, list[tuple[str, dict[str, int | None]]]] = {}
        """When a key was stated to be deleted, and by which periods, by the key's id."""
        self._restored = ""
        self._unfounded = ""
        """A hold that was lifted, and of which nothing says that it was put on."""
        put_on = {hold.id for hold in self._holds}
        for record in store.statements():
            if record.action == StatementKind.HELD:
                continue
            members = stated(record, audit_key)
            if record.action == StatementKind.EXPIRED:
                for id in members.get("keys", ()):
                    self._stated.setdefault(str(id), []).append((record.time, dict(members.get("periods") or {})))
            elif record.action == StatementKind.RESTORED:
                self._restored = max(self._restored, record.time)
            elif str(members.get("hold", "")) not in put_on:
                self._unfounded = str(members.get("hold", ""))
        self._deleted = {key.id: key for key in key_store.all() if not key.wrapped}

    def problem(self) -> str:
        """What is wrong with the deleted keys and with the holds, as a sentence; empty if nothing is."""
        if self._unfounded and not self._restoring and not self._restored:
            return f"{self._unfounded} was lifted, and the statement that it was put on is missing."
        return next((problem for key in self._deleted.values() if (problem := self._problem_of_key(key))), "")

    def problem_of(self, record: Record, header: Header) -> str:
        """Why an expired record should be there; empty if nothing says so. By what can be told without its event."""
        key = self._deleted.get(header.key_id)
        if key is None:
            return ""
        kept = self._key_store.kept(header.key_id, header.nonce) if self._holds else None
        for hold in self._holds:
            if hold.destination or hold.incident or not hold.may_cover(record) or not _held_at(hold, key.expired):
                continue
            if kept is None or hold.is_on:
                return f"was deleted, and {hold.id} ({hold.reason}) was on it."
        return ""

    def _problem_of_key(self, key: DataKey) -> str:
        told = self._stated.get(key.id.hex(), [])
        of = f"The key of the records of {key.day} ({key.retention_class})"
        if not told:
            excused = self._restoring or key.expired <= self._restored
            return "" if excused else f"{of} was deleted, and nothing in the record says who had them expire."
        if all(_is_early(key, time, periods.get(key.retention_class)) for time, periods in told):
            return f"{of} was deleted before their time was over."
        return ""


def _held_at(hold: Hold, time: str) -> bool:
    """Whether a hold was on for certain."""
    since = datetime.fromisoformat(hold.time) + _TOLERANCE
    until = datetime.fromisoformat(hold.released) - _TOLERANCE if hold.released else None
    moment = datetime.fromisoformat(time)
    return since <= moment and (until is None or moment <= until)


def _is_early(key: DataKey, time: str, days: int | None) -> bool:
    """Whether it was stated by its own period too early; no period is stated by what is older."""
    first = date.fromisoformat(key.day) + timedelta(days=days or 0)
    return datetime.fromisoformat(time).date() <= first
