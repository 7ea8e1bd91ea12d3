"""What the second look found in a request that had gone on: a record of its own, bound to the decision.

It stands in the chain, sealed like a decision, and is kept as long as one with these findings. It holds kinds and
counts: nothing of the request's text, and nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import orjson

from promptguard.audit.events import normalised_event_id, timestamp
from promptguard.audit.interface import Entry, Record, RecordDamaged, Store
from promptguard.audit.record import parsed

FOUND_LATER: Final = "found_later"
"""Stands where a decision has its action."""

_PREFIX: Final = "fl-"
_OF_DECISIONS: Final = "pg-"


class Kind(NamedTuple):
    """What findings of one kind have in common."""

    entity_type: str
    data_class: str
    action: str
    """What the policy would have done about them."""
    rule: str


@dataclass(frozen=True, slots=True)
class FoundLater:
    """What was found later in the request of one decision."""

    time: str
    """When it was found: as `Event.time`."""
    counts: Mapping[Kind, int]

    @property
    def by_type(self) -> dict[str, int]:
        """How many there were, by entity type."""
        found: Counter[str] = Counter()
        for kind, count in self.counts.items():
            found[kind.entity_type] += count
        return dict(sorted(found.items()))

    @property
    def plain(self) -> dict[str, Any]:
        """As plain JSON."""
        return {"time": self.time, "findings": _listed(self.counts)}


def record_id(decision_id: str) -> str:
    """The id of the record beside a decision."""
    return _PREFIX + decision_id.removeprefix(_OF_DECISIONS)


def decision_of(event_id: str) -> str:
    """The decision that a record is about: its own id, but for these."""
    return _OF_DECISIONS + event_id.removeprefix(_PREFIX) if event_id.startswith(_PREFIX) else event_id


def found_later(
    *,
    decision_id: str,
    decided: str,
    destination: str,
    incident: str,
    found: Iterable[Kind],
    now: datetime | None = None,
) -> Entry:
    """What was found later, ready to be recorded.

    Args:
        decided: the action of the decision: with it the record is kept.
        destination: the id of the service.
        incident: as `Event.incident`.
        found: the kind of each finding.
        now: when it was found, with a time zone; the present if absent.
    """
    id, time = record_id(decision_id), timestamp(now or datetime.now(UTC))
    members = {
        "id": id,
        "time": time,
        "action": FOUND_LATER,
        "decision": decision_id,
        "decided": decided,
        "destination": destination,
        "incident": incident or decision_id,
        "findings": _listed(Counter(found)),
    }
    return Entry(id, time, FOUND_LATER, orjson.dumps(members, option=orjson.OPT_SORT_KEYS))


def show_found_later(store: Store, decision_id: str) -> FoundLater | None:
    """What was found later in the request of a decision, whose id may be as somebody wrote it down; None for nothing.

    Args:
        store: the record as its readers know it.

    Raises:
        RecordDamaged: the record is not as it was written, so plainly that it shows.
    """
    record = store.find(record_id(normalised_event_id(decision_id)))
    return None if record is None else _read(record)


def _listed(counts: Mapping[Kind, int]) -> list[dict[str, Any]]:
    return [{**kind._asdict(), "count": count} for kind, count in sorted(counts.items())]


def _read(record: Record) -> FoundLater:
    try:
        findings = parsed(record.event)["findings"]
        return FoundLater(record.time, {_kind(each): int(each["count"]) for each in findings})
    except (ValueError, TypeError, KeyError, AttributeError):
        raise RecordDamaged(f"Record {record.sequence} is damaged: verify the audit record.") from None


def _kind(members: Mapping[str, Any]) -> Kind:
    return Kind(*(str(members[name]) for name in Kind._fields))
