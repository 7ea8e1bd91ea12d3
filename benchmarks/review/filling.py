"""Brings made-up decisions into an installation's databases, the record and that of reviewing, as bulk loads do.

The console would take up 10,000 to 20,000 a second; here the rows are written into its tables directly, and indexes
made afterwards, which comes to the same tables. Records are sealed events of real length. To be quick, a thousand of
them are repeated under other ids, and their hashes are made up: no page of the console looks at those.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import Dialect, Table, insert
from sqlalchemy.dialects.postgresql import dialect as postgresql_dialect
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.schema import CreateIndex, DropIndex
from tests.samples.reviewing import event

from benchmarks.review.decisions import ENTITIES, Batch, batches, event_id
from promptguard.audit.record import canonical
from promptguard.keys import Keys
from promptguard.model import Action
from promptguard.review import tables
from promptguard.runtime.record import key_ring
from promptguard.storage.interface import Backend
from promptguard.storage.tables import audit_record

EVENTS = 1000
PEOPLE = 300
CHAIN = "1"

_OF_DECISIONS = (
    tables.decision,
    tables.decision_entity,
    tables.decision_class,
    tables.decision_group,
)

_ROLLED_UP = (
    "INSERT INTO review_hour_count (hour, destination, action, inspection, count)"
    " SELECT substr(time, 1, 13), destination, action, inspection, count(*) FROM review_decision GROUP BY 1, 2, 3, 4",
    "INSERT INTO review_hour_class_count (hour, data_class, action, count)"
    " SELECT substr(d.time, 1, 13), c.data_class, d.action, count(*)"
    " FROM review_decision_class AS c JOIN review_decision AS d ON d.position = c.position GROUP BY 1, 2, 3",
    "INSERT INTO review_day_count (day, destination, action, inspection, count)"
    " SELECT substr(hour, 1, 10), destination, action, inspection, sum(count) FROM review_hour_count"
    " GROUP BY 1, 2, 3, 4",
    "INSERT INTO review_day_class_count (day, data_class, action, count)"
    " SELECT substr(hour, 1, 10), data_class, action, sum(count) FROM review_hour_class_count GROUP BY 1, 2, 3",
    "INSERT INTO review_term (kind, name) SELECT DISTINCT 'destination', destination FROM review_hour_count",
    "INSERT INTO review_term (kind, name) SELECT DISTINCT 'inspection', inspection FROM review_hour_count",
    "INSERT INTO review_term (kind, name) SELECT DISTINCT 'rule', rule FROM review_decision",
    "INSERT INTO review_term (kind, name) SELECT DISTINCT 'entity', entity_type FROM review_decision_entity",
    "INSERT INTO review_term (kind, name) SELECT DISTINCT 'class', data_class FROM review_decision_class",
    "INSERT INTO review_term (kind, name) SELECT DISTINCT 'group', group_name FROM review_decision_group",
)

_CURSORS = ("cursor", "incident_cursor")
"""Up to where the console has taken up the record, and has looked for incidents (`review.tables.fact`)."""


class Loader(ABC):
    """Writes into tables of one kind of database, which nobody else has open."""

    dialect: Dialect

    @abstractmethod
    def load(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        """Append rows, with all columns in order."""

    @abstractmethod
    def execute(self, statement: str) -> None:
        """Run one statement."""


class SQLiteLoader(Loader):
    """Into a file, without a log and without flushing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.dialect = sqlite_dialect()
        self._connection = connection

    def load(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        with self._connection:
            self._connection.executemany(str(insert(table).compile(dialect=self.dialect)), rows)

    def execute(self, statement: str) -> None:
        with self._connection:
            self._connection.execute(statement)


class PostgreSQLLoader(Loader):
    """By COPY (https://www.postgresql.org/docs/current/sql-copy.html)."""

    def __init__(self, connection: psycopg.Connection) -> None:
        """`connection` is one that commits by itself."""
        self.dialect = postgresql_dialect()
        self._connection = connection

    def load(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        columns = ", ".join(table.c.keys())
        with self._connection.cursor().copy(f"COPY {table.name} ({columns}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def execute(self, statement: str) -> None:
        self._connection.execute(statement.encode())


def fill(record: Loader, review: Loader, sealed: Sequence[bytes], count: int, now: datetime) -> None:
    """Bring so many decisions into empty tables.

    Args:
        record, review: into the tables of the record, and of reviewing.
        sealed: the events of records, see `sealed_events`.
        now: when the newest was.
    """
    with without_indexes(record, [audit_record]), without_indexes(review, _OF_DECISIONS):
        for batch in batches(count, now):
            record.load(audit_record, _records(batch, sealed))
            for table, rows in _rows(batch):
                review.load(table, rows)
    for statement in _ROLLED_UP:
        review.execute(statement)
    newest = f"{count} {event_id(count)}"
    review.load(tables.fact, [(name, newest) for name in _CURSORS])


@contextmanager
def without_indexes(loader: Loader, of: Iterable[Table]) -> Iterator[None]:
    """Indexes are made at the end: from rows that are there, that is several times as quick."""
    indexes = [index for table in of for index in sorted(table.indexes, key=lambda index: str(index.name))]
    for index in indexes:
        loader.execute(str(DropIndex(index).compile(dialect=loader.dialect)))
    yield
    for index in indexes:
        loader.execute(str(CreateIndex(index).compile(dialect=loader.dialect)))


def sealed_events(backend: Backend, keys: Keys) -> list[bytes]:
    """Sealed events: for nine without a finding one with one."""
    ring = key_ring(backend, keys)
    made = []
    for number in range(EVENTS):
        found = ["EMAIL_ADDRESS"] if number % 10 == 0 else []
        one = event(
            found=found,
            action=Action.REDACT if found else Action.ALLOW,
            groups=["sales" if number % 5 == 0 else "staff"],
            person=f"p_{number % PEOPLE:016d}",
        )
        made.append(ring.seal(canonical(replace(one, latency_ms={"read": 0.1, "scan": 1.25, "decide": 0.05})).event)[1])
    return made


def _records(batch: Batch, sealed: Sequence[bytes]) -> Iterator[Sequence[Any]]:
    rows = zip(batch.positions, batch.ids, batch.times, batch.actions, strict=True)
    for position, id, time, action in rows:
        mark = position.to_bytes(32)
        yield (position, CHAIN, position, id, time, action, sealed[position % EVENTS], mark, mark, mark)


def _rows(batch: Batch) -> Iterator[tuple[Table, Iterable[Sequence[Any]]]]:
    summaries = {name: f'{{"{name}":1}}' if name else "{}" for name in ("", *ENTITIES)}
    yield (
        tables.decision,
        (
            (position, id, time, action, "", inspection, destination, rule, incident, bool(name) + 0, summaries[name])
            for position, id, time, action, inspection, destination, rule, incident, name in zip(
                batch.positions,
                batch.ids,
                batch.times,
                batch.actions,
                batch.inspections,
                batch.destinations,
                batch.rules,
                batch.incidents,
                batch.entities,
                strict=True,
            )
        ),
    )
    found = [row for row, name in enumerate(batch.entities) if name]
    yield tables.decision_entity, [(batch.entities[row], batch.times[row], batch.positions[row]) for row in found]
    yield tables.decision_class, [(batch.data_class(row), batch.times[row], batch.positions[row]) for row in found]
    # In the order of the key, a batch is appended at few places.
    by_group = sorted(zip(batch.groups, batch.times, batch.positions, strict=True))
    yield tables.decision_group, by_group
