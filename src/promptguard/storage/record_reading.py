"""The audit record in a database, for reading: the same in every kind of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, bindparam, func, select, update

from promptguard.audit.interface import Checkpoint, Head, Record, Store
from promptguard.audit.sealing.envelope import HEADER_BYTES
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.tables import IS_DECISION, IS_STATEMENT, audit_checkpoint, audit_head, audit_record, meta

_PAGE = 1000
"""Records read at a time. Long reads would keep SQLite from emptying its log, and PostgreSQL from clearing up."""

NOTE = "chain:"
"""With the chain's id, under what the text about a chain stands in the table `meta`."""

_COLUMNS: Sequence[ColumnElement[Any]] = tuple(audit_record.c[name] for name in Record._fields)

_OUTLINE = tuple(
    func.substr(column, 1, HEADER_BYTES).label(column.name) if column.name == "event" else column for column in _COLUMNS
)


class DatabaseStore(Store):
    """Can be read from any thread. Chains are taken as the kind of database lets them be locked."""

    def __init__(self, database: OpenDatabase) -> None:
        self._database = database

    def head(self, chain: str) -> Head | None:
        columns = audit_head.c
        with self._database.reading() as connection:
            row = connection.execute(
                select(columns.sequence, columns.hash, columns.mac).where(columns.chain == chain)
            ).one_or_none()
        return Head(*row) if row else None

    def heads(self) -> dict[str, Head]:
        columns = audit_head.c
        with self._database.reading() as connection:
            rows = connection.execute(select(columns.chain, columns.sequence, columns.hash, columns.mac)).all()
        return {chain: Head(*head) for chain, *head in rows}

    def checkpoints(self) -> list[Checkpoint]:
        columns = [audit_checkpoint.c[name] for name in Checkpoint._fields]
        with self._database.reading() as connection:
            return [Checkpoint._make(row) for row in connection.execute(select(*columns).order_by(columns[0]))]

    def note(self, chain: str) -> str | None:
        with self._database.reading() as connection:
            return connection.scalar(select(meta.c.value).where(meta.c.name == NOTE + chain))

    def chains(self) -> list[str]:
        with self._database.reading() as connection:
            found = set(connection.scalars(select(audit_head.c.chain)))
            notes = connection.scalars(select(meta.c.name).where(meta.c.name.startswith(NOTE)))
            found.update(name.removeprefix(NOTE) for name in notes)
            # From one chain to the next, by the index: the record may have millions of rows.
            smallest = select(func.min(audit_record.c.chain))
            name = connection.scalar(smallest)
            while name is not None:
                found.add(name)
                name = connection.scalar(smallest.where(audit_record.c.chain > name))
        return sorted(found, key=str)

    def chain(self, chain: str, *, after: int | None = None) -> Iterator[Record]:
        return self._pages(audit_record.c.sequence, after, audit_record.c.chain == chain)

    def records(
        self, *, after: int = 0, since: str | None = None, until: str | None = None, actions: Collection[str] = ()
    ) -> Iterator[Record]:
        conditions: list[ColumnElement[bool]] = [IS_DECISION]
        if since is not None:
            conditions.append(audit_record.c.time >= since)
        if until is not None:
            conditions.append(audit_record.c.time < until)
        if actions:
            conditions.append(audit_record.c.action.in_(actions))
        return self._pages(audit_record.c.position, after, *conditions)

    def newest(self) -> int:
        with self._database.reading() as connection:
            return connection.scalar(select(func.max(audit_record.c.position))) or 0

    def statements(self) -> Iterator[Record]:
        return self._pages(audit_record.c.position, None, IS_STATEMENT)

    def at(self, position: int) -> Record | None:
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(audit_record.c.position == position)).one_or_none()
        return Record._make(row) if row else None

    def outlines(self, after: int) -> Iterator[Record]:
        return self._pages(audit_record.c.position, after, columns=_OUTLINE)

    def replace_events(self, events: Mapping[int, bytes]) -> None:
        statement = (
            update(audit_record)
            .where(audit_record.c.position == bindparam("at"))
            .values(event=bindparam("left"))
            .execution_options(synchronize_session=False)
        )
        if events:
            with self._database.writing() as connection:
                connection.execute(statement, [{"at": position, "left": left} for position, left in events.items()])
            self._database.deleted()

    def last(self, count: int) -> list[Record]:
        statement = select(*_COLUMNS).where(IS_DECISION).order_by(audit_record.c.position.desc()).limit(count)
        with self._database.reading() as connection:
            return [Record._make(row) for row in connection.execute(statement)][::-1]

    def find(self, event_id: str) -> Record | None:
        statement = select(*_COLUMNS).where(audit_record.c.event_id == event_id).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(statement).one_or_none()
        return Record._make(row) if row else None

    def all_of(self, event_id: str) -> list[Record]:
        statement = select(*_COLUMNS).where(audit_record.c.event_id == event_id).order_by(audit_record.c.position)
        with self._database.reading() as connection:
            return [Record._make(row) for row in connection.execute(statement)]

    def _pages(
        self,
        order: Column[int],
        after: int | None,
        *conditions: ColumnElement[bool],
        columns: Sequence[ColumnElement[Any]] = _COLUMNS,
    ) -> Iterator[Record]:
        statement = select(*columns, order.label("reached")).where(*conditions).order_by(order).limit(_PAGE)
        while True:
            with self._database.reading() as connection:
                page = connection.execute(statement if after is None else statement.where(order > after)).all()
            for *values, _ in page:
                yield Record._make(values)
            if len(page) < _PAGE:
                return
            after = page[-1][-1]
