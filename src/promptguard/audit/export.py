"""The record for other programs: plain dicts, JSON lines and CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from promptguard.audit.events import normalised_event_id, timestamp
from promptguard.audit.interface import Record, RecordDamaged, Store
from promptguard.audit.record import parsed


class ExportFormat(StrEnum):
    """How exported records are written."""

    JSONL = "jsonl"
    """Everything, one JSON object a line."""
    CSV = "csv"
    """One line a record with findings as counts, for spreadsheets."""


_CSV_COLUMNS = (
    "chain",
    "sequence",
    "time",
    "id",
    "action",
    "would",
    "rule",
    "reason",
    "adjusted",
    "destination",
    "destination_status",
    "host",
    "method",
    "route",
    "format",
    "purpose",
    "inspection",
    "problem",
    "pseudonym",
    "groups",
    "identity_source",
    "data_classes",
    "entity_types",
    "segments",
    "characters",
    "body_bytes",
    "policy_version",
    "policy_hash",
    "ruleset_version",
    "hash",
)


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


def show(store: Store, event_id: str) -> dict[str, Any] | None:
    """One event by its id, as somebody may have written it down; None if it is not recorded."""
    record = store.find(normalised_event_id(event_id))
    return plain(record) if record else None


def lines(events: Iterable[dict[str, Any]], form: ExportFormat | str) -> Iterator[str]:
    """Exported events as lines of text, each with its line end."""
    if ExportFormat(form) is ExportFormat.JSONL:
        for event in events:
            yield orjson.dumps(event, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE).decode()
        return
    yield _csv_line(_CSV_COLUMNS)
    for event in events:
        row = {
            **event,
            "groups": " ".join(event["groups"]),
            "data_classes": counts(event, "data_class"),
            "entity_types": counts(event, "entity_type"),
        }
        yield _csv_line(_cell(row.get(column)) for column in _CSV_COLUMNS)


def counts(event: dict[str, Any], member: str) -> str:
    """How often each value of a member occurs in an event's findings: `credentials 1, personal_data 2`."""
    counter = Counter(str(finding[member]) for finding in event["findings"])
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items()))


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)  # RFC 4180
    return line.getvalue()


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
