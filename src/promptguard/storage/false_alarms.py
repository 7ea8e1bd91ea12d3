"""Values that reviewers hold to be false alarms, in a database: the same in every kind of it.

Each row is sealed with a key of the installation, and a head holds all of them together (`storage.row_heads`): who can
write into the database alone lets no value pass.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import orjson
from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from promptguard.detectors.false_alarms import (
    ANSWERS,
    FalseAlarm,
    FalseAlarmsRead,
    FalseAlarmState,
    FalseAlarmStore,
    NoLongerPossible,
)
from promptguard.keys import Keys
from promptguard.storage.changes import Topic
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.row_heads import DOUBTS, Doubt, RowHead
from promptguard.storage.tables import allowance, meta

_REVISION: Final = "allow_list_revision"
_COLUMNS: Final = tuple(str(column.name) for column in allowance.c if column.name != "mac")


class DatabaseFalseAlarms(FalseAlarmStore):
    """See `FalseAlarmStore`.

    Args:
        keys: of the installation; beside them stands what this machine saw last.
    """

    def __init__(self, database: OpenDatabase, keys: Keys) -> None:
        self._database = database
        self._key = keys.allow_list
        self._head = RowHead(database, allowance, "allow-list", keys.allow_list, keys.folder)

    def revision(self) -> str:
        with self._database.reading() as connection:
            # A version that knows no head changes the number alone.
            return f"{_revision(connection)} {self._head.revision(connection)}"

    def ask(self, alarms: Sequence[FalseAlarm]) -> None:
        with self._head.changing() as connection:
            connection.execute(insert(allowance), [self._row(each) for each in alarms])

    def answer(self, id: str, state: FalseAlarmState, *, by: str, name: str, now: str) -> FalseAlarm:
        with self._head.changing() as connection:
            row = connection.execute(select(allowance).where(allowance.c.id == id)).mappings().one_or_none()
            known = self._alarm(row) if row else None
            if known is None or not known.genuine or known.state is not ANSWERS.get(state):
                raise NoLongerPossible("This is not possible any more: somebody has decided on it, or it is gone.")
            if state is FalseAlarmState.ACCEPTED and now >= known.expires:
                raise NoLongerPossible("It has expired: ask for it again.")
            answered = replace(known, state=state, decided_by=by, decided_name=name, decided=now)
            connection.execute(update(allowance).where(allowance.c.id == id).values(self._row(answered)))
            self._tell(connection)
        return answered

    def forget(self, before: str) -> int:
        # Whatever became of it: no later than it would have expired, or was last decided on, it passes no more.
        held = allowance.c.state.in_([str(FalseAlarmState.REFUSED), str(FalseAlarmState.REVOKED)])
        over = (allowance.c.expires < before) | (held & (allowance.c.decided < before))
        with self._head.reading() as (connection, seen):
            ids = connection.scalars(select(allowance.c.id).where(over)).all()
        if not ids or seen.doubt is not Doubt.NONE:
            return 0
        with self._head.changing() as connection:
            gone = connection.execute(delete(allowance).where(allowance.c.id.in_(ids))).rowcount
        self._database.deleted()
        return gone

    def read(self) -> FalseAlarmsRead:
        latest = select(allowance).order_by(allowance.c.asked.desc(), allowance.c.id)
        with self._head.reading() as (connection, seen):
            alarms = [self._alarm(row) for row in connection.execute(latest).mappings()]
        if seen.doubt is not Doubt.NONE:
            alarms = [replace(each, in_doubt=True) for each in alarms]
        return FalseAlarmsRead(alarms, DOUBTS[seen.doubt])

    def note(self) -> None:
        if self._head.has_to_be_written():
            with self._head.changing() as connection:
                self._tell(connection)

    def restored(self) -> None:
        with self._head.changing(Doubt.RESTORED) as connection:
            self._tell(connection)

    def accept(self, now: str) -> None:
        with self._head.accepting(now) as connection:
            self._tell(connection)

    def _tell(self, connection: Connection) -> None:
        _next_revision(connection)
        self._database.announce(connection, Topic.POLICY)

    def _row(self, alarm: FalseAlarm) -> dict[str, Any]:
        row = {name: str(getattr(alarm, name)) for name in _COLUMNS}
        return {**row, "mac": self._mac(row)}

    def _alarm(self, row: RowMapping) -> FalseAlarm:
        members = {name: row[name] for name in _COLUMNS}
        mac = row["mac"]
        genuine = isinstance(mac, bytes) and hmac.compare_digest(mac, self._mac(members))
        try:
            state = FalseAlarmState(members.pop("state"))
        except ValueError:
            state, genuine = FalseAlarmState.REVOKED, False
        return FalseAlarm(**members, state=state, genuine=genuine)

    def _mac(self, row: dict[str, Any]) -> bytes:
        return hmac.digest(self._key, orjson.dumps(row, option=orjson.OPT_SORT_KEYS, default=str), "sha256")


def _revision(connection: Connection) -> int:
    value = connection.scalar(select(meta.c.value).where(meta.c.name == _REVISION))
    return int(value) if value and value.isdecimal() else 0


def _next_revision(connection: Connection) -> None:
    """Under a lock, so that nobody inserts it in between."""
    value = str(_revision(connection) + 1)
    if not connection.execute(update(meta).where(meta.c.name == _REVISION).values(value=value)).rowcount:
        connection.execute(insert(meta).values(name=_REVISION, value=value))
