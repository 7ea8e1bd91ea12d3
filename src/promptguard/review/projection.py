"""Takes up the record into tables that can be filtered and counted, some decisions at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Connection, Table, delete, select

from promptguard.audit.interface import Record, Store
from promptguard.audit.record import parsed
from promptguard.review import tables
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import fitted
from promptguard.review.inserting import insert_into

BATCH = 500
"""Records taken up in one transaction."""

_CURSOR = "cursor"
"""Position and id of the last record that was taken up."""

_AT = select(tables.fact.c.value).where(tables.fact.c.name == _CURSOR)

_LOCK = b"review record"

type Members = Mapping[str, Any]


class Projection:
    """What of the record is in the tables of reviewing. For any thread, in several processes, on several machines."""

    def __init__(self, store: Store, database: ReviewDatabase) -> None:
        self._store = store
        self._database = database

    def take_up(self) -> int:
        """Take up the next decisions, and say how many there were; 0 where all were taken up.

        Raises:
            StorageError: one of the databases cannot be read or written.
        """
        while True:
            with self._database.reading() as connection:
                cursor = connection.scalar(_AT)
            after = self._taken_up(cursor)
            # Read before the transaction, which others wait for.
            records = list(islice(self._store.records(after=after), BATCH))
            if not records and (after or cursor is None):
                return 0
            with self._database.writing(_LOCK) as connection:
                if connection.scalar(_AT) == cursor:
                    _take_up(connection, records, anew=not after)
                    return len(records)
            # Somebody else took these up.

    def position(self) -> int:
        """The position of the last record that was taken up; 0 for none.

        Raises:
            StorageError: the database cannot be read.
        """
        with self._database.reading() as connection:
            cursor = connection.scalar(_AT)
        return int(cursor.partition(" ")[0]) if cursor else 0

    def _taken_up(self, cursor: str | None) -> int:
        """The last position that was taken up; 0 where the record was begun anew since."""
        if cursor is None:
            return 0
        position, _, event_id = cursor.partition(" ")
        at = self._store.at(int(position))
        return int(position) if at is not None and (at.position, at.event_id) == (int(position), event_id) else 0


def _take_up(connection: Connection, records: Sequence[Record], *, anew: bool) -> None:
    if anew:
        for table in (*_OF_DECISIONS, tables.term):
            connection.execute(delete(table))
        connection.execute(delete(tables.fact).where(tables.fact.c.name == _CURSOR))
    if records:
        write(connection, [(record, _members(record)) for record in records])
        last = records[-1]
        _put(connection, tables.fact, [{"name": _CURSOR, "value": f"{last.position} {last.event_id}"}])


_OF_DECISIONS = (
    tables.decision,
    tables.decision_entity,
    tables.decision_class,
    tables.decision_group,
    tables.hour_count,
    tables.hour_class_count,
    tables.day_count,
    tables.day_class_count,
)


def _members(record: Record) -> Members:
    """A damaged record is taken up as far as its own columns go: `audit verify` is what tells of it."""
    try:
        return parsed(record.event)
    except ValueError:
        return {}


def write(connection: Connection, taken: Sequence[tuple[Record, Members]]) -> None:
    """Write records, with the members of their events, into the tables of reviewing."""
    _put(connection, tables.decision, [_row(record, members) for record, members in taken])
    for table, column in ((tables.decision_entity, "entity_type"), (tables.decision_class, "data_class")):
        named = ((record, name) for record, members in taken for name in {each[column] for each in _found(members)})
        _put(connection, table, [{column: name, "time": each.time, "position": each.position} for each, name in named])
    groups = [
        {"group_name": name, "time": record.time, "position": record.position}
        for record, members in taken
        for name in set(map(str, members.get("groups", ())))
    ]
    _put(connection, tables.decision_group, groups)
    _put(connection, tables.term, [{"kind": kind, "name": name} for kind, name in _terms(taken)])
    by_hour = Counter(_hour_key(record, members) for record, members in taken)
    classes: Counter[tuple[str, ...]] = Counter(
        (record.time[:13], data_class, record.action)
        for record, members in taken
        for data_class in {each["data_class"] for each in _found(members)}
    )
    _add(connection, tables.hour_count, by_hour)
    _add(connection, tables.hour_class_count, classes)
    _add(connection, tables.day_count, _by_day(by_hour))
    _add(connection, tables.day_class_count, _by_day(classes))


def _by_day(counts: Mapping[tuple[str, ...], int]) -> Counter[tuple[str, ...]]:
    """Counts by hour and more, as counts by day and more."""
    found: Counter[tuple[str, ...]] = Counter()
    for (hour, *rest), count in counts.items():
        found[hour[:10], *rest] += count
    return found


def _row(record: Record, members: Members) -> dict[str, Any]:
    found = Counter(str(finding["entity_type"]) for finding in members.get("findings", ()))
    return {
        "position": record.position,
        "id": record.event_id,
        "time": record.time,
        "action": record.action,
        "would": str(members.get("would") or ""),
        "inspection": str(members.get("inspection", "")),
        "destination": str(members.get("destination", "")),
        "rule": str(members.get("rule", "")),
        "incident": str(members.get("incident", "")),
        "found": found.total(),
        "summary": orjson.dumps(found, option=orjson.OPT_SORT_KEYS).decode(),
    }


def _found(members: Members) -> list[dict[str, str]]:
    """Entity type and class of each finding."""
    return [
        {"entity_type": str(each["entity_type"]), "data_class": str(each["data_class"])}
        for each in members.get("findings", ())
    ]


def _terms(taken: Iterable[tuple[Record, Members]]) -> list[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for _, members in taken:
        found.add(("destination", str(members.get("destination", ""))))
        found.add(("rule", str(members.get("rule", ""))))
        found.add(("inspection", str(members.get("inspection", ""))))
        found.update(("group", str(name)) for name in members.get("groups", ()))
        for each in _found(members):
            found.add(("entity", each["entity_type"]))
            found.add(("class", each["data_class"]))
    return sorted(term for term in found if term[1])


def _hour_key(record: Record, members: Members) -> tuple[str, ...]:
    return (record.time[:13], str(members.get("destination", "")), record.action, str(members.get("inspection", "")))


def _put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or replace those with the same key."""
    if not rows:
        return
    rows = [fitted(table, row) for row in rows]
    statement = insert_into(connection, table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    if rest:
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest), rows)
    else:
        connection.execute(statement.on_conflict_do_nothing(index_elements=keys), rows)


def _add(connection: Connection, table: Table, counts: Mapping[tuple[str, ...], int]) -> None:
    """Add to the counts of a table, whose columns are the parts of the key in order, and `count`."""
    if not counts:
        return
    statement = insert_into(connection, table)
    keys = [column.name for column in table.primary_key]
    added = {"count": table.c.count + statement.excluded["count"]}
    rows = [fitted(table, {**dict(zip(keys, key, strict=True)), "count": count}) for key, count in counts.items()]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=added), rows)
