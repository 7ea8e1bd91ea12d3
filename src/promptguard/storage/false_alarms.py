"""Values that reviewers hold to be false alarms, in a database: the same in every kind of it.

Each row is sealed with a key of the installation: who can write into the database alone lets no value pass.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import orjson
from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from promptguard.detectors.false_alarms import ANSWERS, FalseAlarm, FalseAlarmState, FalseAlarmStore, NoLongerPossible
from promptguard.storage.changes import Topic
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.tables import allowance, meta

_LOCK: Final = b"allow list"
_REVISION: Final = "allow_list_revision"
_COLUMNS: Final = tuple(str(column.name) for column in allowance.c if column.name != "mac")


class DatabaseFalseAlarms(FalseAlarmStore):
    """See `FalseAlarmStore`.

    Args:
        key: `Keys.allow_list`.
    """

    def __init__(self, database: OpenDatabase, key: bytes) -> None:
        self._database = database
        self._key = key

    def revision(self) -> int:
        with self._database.reading() as connection:
            return _revision(connection)

    def ask(self, alarms: Sequence[FalseAlarm]) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(allowance), [self._row(each) for each in alarms])

    def answer(self, id: str, state: FalseAlarmState, *, by: str, name: str, now: str) -> FalseAlarm:
        with self._database.writing() as connection:
            self._database.lock(connection, _LOCK)
            row = connection.execute(select(allowance).where(allowance.c.id == id)).mappings().one_or_none()
            known = self._alarm(row) if row else None
            if known is None or not known.genuine or known.state is not ANSWERS.get(state):
                raise NoLongerPossible("This is not possible any more: somebody has decided on it, or it is gone.")
            if state is FalseAlarmState.ACCEPTED and now >= known.expires:
                raise NoLongerPossible("It has expired: ask for it again.")
            answered = replace(known, state=state, decided_by=by, decided_name=name, decided=now)
            connection.execute(update(allowance).where(allowance.c.id == id).values(self._row(answered)))
            _next_revision(connection)
            self._database.announce(connection, Topic.POLICY)
        return answered

    def forget(self, before: str) -> int:
        # Whatever became of it: no later than it would have expired, or was last decided on, it passes no more.
        held = allowance.c.state.in_([str(FalseAlarmState.REFUSED), str(FalseAlarmState.REVOKED)])
        over = (allowance.c.expires < before) | (held & (allowance.c.decided < before))
        with self._database.writing() as connection:
            gone = connection.execute(delete(allowance).where(over)).rowcount
        if gone:
            self._database.deleted()
        return gone

    def all(self) -> Sequence[FalseAlarm]:
        latest = select(allowance).order_by(allowance.c.asked.desc(), allowance.c.id)
        with self._database.reading() as connection:
            return [self._alarm(row) for row in connection.execute(latest).mappings()]

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
