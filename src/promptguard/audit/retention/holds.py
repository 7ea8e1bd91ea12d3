"""Legal holds: what is under one does not expire. They stand in the chains themselves, as statements."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from promptguard.audit.chain import Chain, is_chain_id, record_hash
from promptguard.audit.found_later import decision_of
from promptguard.audit.interface import Entry, Record, RecordDamaged, Store
from promptguard.audit.record import parsed
from promptguard.audit.statements import StatementKind, statement
from promptguard.errors import PromptGuardError

MAX_DECISIONS: Final = 1_000
"""Decisions that one hold names."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What is held, by whom and why. What is empty does not narrow it down; a hold on everything says so by `since`."""

    id: str
    """`hold-` and eight hexadecimal digits."""
    by: str
    reason: str
    reference: str = ""
    """The matter it is for: a number of a case, a letter."""
    since: str = ""
    """Decisions not before, and before `until`; as `Event.time`."""
    until: str = ""
    destination: str = ""
    decisions: tuple[str, ...] = ()
    incident: str = ""
    time: str = ""
    """When it was put on."""
    released: str = ""
    """When it was lifted; empty while it holds."""
    released_by: str = ""
    case: str = ""
    """An incident of the console's, `in-…`: it stays, with all that belongs to it. `decisions` are those it had."""

    @property
    def is_on(self) -> bool:
        """Whether it was not lifted yet."""
        return not self.released

    @property
    def names_records(self) -> bool:
        """Whether it is on records, and not on an incident alone that has none."""
        return any((self.since, self.until, self.destination, self.decisions, self.incident))

    def may_cover(self, record: Record) -> bool:
        """Whether a record is under it, as far as can be told without its event."""
        return (
            self.names_records
            and (not self.since or record.time >= self.since)
            and (not self.until or record.time < self.until)
            and (not self.decisions or decision_of(record.event_id) in self.decisions)
        )

    def covers(self, record: Record, event: Callable[[], Mapping[str, Any]]) -> bool:
        """Whether a record is under it; `event` is called where that cannot be told without."""
        if not self.may_cover(record):
            return False
        if not self.destination and not self.incident:
            return True
        members = event()
        incident = members.get("incident") or record.event_id
        return self.destination in ("", members.get("destination")) and self.incident in ("", incident)


def new_hold_id() -> str:
    """An id for a new hold."""
    return f"hold-{secrets.token_hex(4)}"


def putting_on(hold: Hold) -> Entry:
    """The statement that puts a hold on.

    Raises:
        PromptGuardError: it says neither why nor what, holds nothing, or names too many decisions.
    """
    if not hold.reason.strip():
        raise PromptGuardError("Say why: a hold has a reason.")
    if not hold.names_records and not hold.case:
        raise PromptGuardError("Say what is to be held: a time, a service, decisions or an incident.")
    if hold.since and hold.until and hold.since >= hold.until:
        raise PromptGuardError("The time that is to be held ends before it begins: nothing would be held.")
    if len(hold.decisions) > MAX_DECISIONS:
        raise PromptGuardError(f"A hold names at most {MAX_DECISIONS} decisions: put on several, or hold a time.")
    members = {name: getattr(hold, name) for name in _STATED}
    return statement(StatementKind.HELD, hold.by, hold=hold.id, **members)


def lifting(hold: Hold, by: str, reason: str, asked_by: str = "") -> Entry:
    """The statement that lifts a hold; `asked_by` is who asked for it, where that was another person.

    Raises:
        PromptGuardError: it is lifted already, or there is no reason.
    """
    if hold.released:
        raise PromptGuardError(f"{hold.id} was lifted on {hold.released} by {hold.released_by}.")
    if not reason.strip():
        raise PromptGuardError("Say why: lifting a hold has a reason.")
    asked: dict[str, Any] = {"asked_by": asked_by} if asked_by else {}
    return statement(StatementKind.RELEASED, by, hold=hold.id, reason=reason, **asked)


_STATED: Final = ("reason", "reference", "since", "until", "destination", "decisions", "incident", "case")


def holds(store: Store, audit_key: bytes) -> list[Hold]:
    """All holds that ever were, in the order in which they were put on.

    Args:
        store: the record itself.
        audit_key: `Keys.audit`.

    Raises:
        RecordDamaged: a statement was not written with this installation's key: nothing may expire by it.
    """
    found: dict[str, Hold] = {}
    for record in store.statements():
        if record.action not in (StatementKind.HELD, StatementKind.RELEASED):
            continue
        members = stated(record, audit_key)
        id = str(members.get("hold", ""))
        if record.action == StatementKind.HELD:
            told = {name: members.get(name, "") for name in _STATED}
            told["decisions"] = tuple(members.get("decisions", ()))
            found[id] = Hold(id, str(members.get("by", "")), time=record.time, **told)
        elif id in found:
            found[id] = replace(found[id], released=record.time, released_by=str(members.get("by", "")))
    return list(found.values())


def stated(record: Record, audit_key: bytes) -> dict[str, Any]:
    """What a statement says.

    Raises:
        RecordDamaged: it was not written with this installation's key.
    """
    genuine = (
        is_chain_id(record.chain)
        and isinstance(record.event, bytes)
        and record_hash(record.previous_hash, record.event) == record.hash
        and Chain(audit_key, record.chain).is_genuine_record(record)
    )
    if not genuine:
        raise RecordDamaged("A statement on holds was changed: verify the audit record. Nothing expires until then.")
    return parsed(record.event)
