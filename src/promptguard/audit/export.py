"""The record as plain dicts, of which the forms make lines for other programs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from promptguard.audit.events import normalised_event_id, timestamp
from promptguard.audit.interface import Record, RecordDamaged, Store
from promptguard.audit.record import parsed


def plain(record: Record) -> dict[str, Any]:
    """A record as a dict: the event's members, and `chain`, `sequence`, `previous_hash` and `hash` (hexadecimal).

    Without these four, sorted and written without spaces, it is the JSON that the hash is made of: SHA-256 over the
    previous hash's 32 bytes and it.

    Raises:
        RecordDamaged: the record is not as it was written, so plainly that it shows.
    """
    try:
        return {
            **parsed(record.event),
            "chain": record.chain,
            "sequence": record.sequence,
            "previous_hash": record.previous_hash.hex(),
            "hash": record.hash.hex(),
        }
    except (ValueError, TypeError, AttributeError):  # the database may hold other types than it should
        raise RecordDamaged(f"Record {record.sequence} is damaged: verify the audit record.") from None


def export(
    store: Store, *, since: datetime | None = None, until: datetime | None = None, only: Collection[str] = ()
) -> Iterator[dict[str, Any]]:
    """Recorded events as plain dicts (see `plain`), in order.

    Args:
        since, until: not before, and before; with a time zone.
        only: events with one of these actions; all if empty.
    """
    records = store.records(
        since=timestamp(since) if since else None, until=timestamp(until) if until else None, actions=only
    )
    return map(plain, records)


def has_expired(store: Store, event_id: str) -> bool:
    """Whether a decision was recorded, and can be read no more because its time is over."""
    return store.has_expired(normalised_event_id(event_id))


def show(store: Store, event_id: str) -> dict[str, Any] | None:
    """One event by its id, as somebody may have written it down; None if it is not recorded."""
    record = store.find(normalised_event_id(event_id))
    return plain(record) if record else None
