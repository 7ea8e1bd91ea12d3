"""Requests that were held for a reason, and the reasons, in a database: the same in every kind of it.

Each row is sealed with a key of the installation: who can write into the database alone lets nothing pass. A reason in
somebody's own words is encrypted.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import orjson
from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from promptguard.keys import SealingCipher, derive
from promptguard.policy.justifications import (
    MAX_MISSES,
    MAX_WAITING,
    Held,
    Justification,
    JustificationState,
    JustificationStore,
    NotGiven,
)
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.tables import justification

_LOCK: Final = b"justifications"
_PLAIN: Final = tuple(str(each.name) for each in justification.c if each.name not in ("held", "reason", "text", "mac"))
"""Columns that are members as they are."""

_TOO_LATE: Final = "A reason can be given no more: it is too late, or one was given already."


class DatabaseJustifications(JustificationStore):
    """See `JustificationStore`.

    Args:
        key: `Keys.justifications`.
    """

    def __init__(self, database: OpenDatabase, key: bytes) -> None:
        self._database = database
        self._key = key
        self._reasons = SealingCipher(derive(key, "reasons"))

    def hold(self, held: Justification) -> None:
        columns = justification.c
        waiting = (columns.scope == held.scope) & (columns.given == "")
        latest = select(columns.id).where(waiting).order_by(columns.time.desc(), columns.id.desc())
        with self._database.writing() as connection:
            connection.execute(insert(justification).values(self._row(held)))
            # An agent that sends what is held again and again makes one each time, and all are read with each request.
            too_many = connection.scalars(latest.offset(MAX_WAITING)).all()
            if too_many:
                connection.execute(delete(justification).where(columns.id.in_(too_many)))

    def of_scope(self, scope: str) -> Sequence[Justification]:
        wanted = select(justification).where(justification.c.scope == scope).order_by(justification.c.time.desc())
        with self._database.reading() as connection:
            return [self._read(row) for row in connection.execute(wanted).mappings()]

    def of_decision(self, decision_id: str) -> Justification | None:
        wanted = select(justification).where(justification.c.decision_id == decision_id)
        with self._database.reading() as connection:
            row = connection.execute(wanted).mappings().first()
        return self._read(row) if row else None

    def give(self, given: Justification, *, by_code: bool) -> None:
        with self._database.writing() as connection:
            self._database.lock(connection, _LOCK)
            row = connection.execute(_one(given.id)).mappings().one_or_none()
            if row is None or not self._read(row).waits(given.given, by_code=by_code):
                raise NotGiven(_TOO_LATE)
            self._write(connection, replace(given, state=JustificationState.GIVEN))

    def miss(self, scope: str, now: str) -> int:
        with self._database.writing() as connection:
            self._database.lock(connection, _LOCK)
            wanted = select(justification).where(justification.c.scope == scope)
            waiting = [self._read(row) for row in connection.execute(wanted).mappings().all()]
            waiting = [each for each in waiting if each.waits(now, by_code=True)]
            for each in waiting:
                missed = replace(each, misses=each.misses + 1)
                over = missed.misses >= MAX_MISSES
                # On its page it can still be given: nobody guesses that address.
                self._write(connection, replace(missed, code="", code_expires="", text=b"") if over else missed)
        return len(waiting)

    def all(self) -> Sequence[Justification]:
        wanted = select(justification).where(justification.c.given != "")
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(justification.c.given.desc(), justification.c.id)).mappings()
            return [self._read(row) for row in rows]

    def forget(self, before: str, *, held_before: str) -> int:
        over = (justification.c.given != "") & (justification.c.given < before) & (justification.c.until < before)
        in_vain = (justification.c.given == "") & (justification.c.time < held_before)
        with self._database.writing() as connection:
            gone = connection.execute(delete(justification).where(over | in_vain)).rowcount
        if gone:
            self._database.deleted()
        return gone

    def _write(self, connection: Connection, changed: Justification) -> None:
        connection.execute(update(justification).where(justification.c.id == changed.id).values(self._row(changed)))

    def _row(self, member: Justification) -> dict[str, Any]:
        row: dict[str, Any] = {name: getattr(member, name) for name in _PLAIN}
        row["state"] = str(member.state)
        row["grant_scope"] = str(member.grant_scope)
        held = {
            "fingerprints": sorted(member.held.fingerprints),
            "rules": sorted(member.held.rules),
            "conversation": member.held.conversation,
        }
        row["held"] = orjson.dumps(held).decode()
        row["reason"] = self._reasons.seal(member.reason.encode(), member.id.encode()) if member.reason else b""
        row["text"] = member.text
        return {**row, "mac": self._mac(row)}

    def _read(self, row: RowMapping) -> Justification:
        members: dict[str, Any] = {name: row[name] for name in _PLAIN}
        mac, others = row["mac"], {str(name): row[name] for name in row if name != "mac"}
        genuine = isinstance(mac, bytes) and hmac.compare_digest(mac, self._mac(others))
        try:
            held = orjson.loads(row["held"])
            members["state"] = JustificationState(members["state"])
            reason = bytes(row["reason"])
            return Justification(
                **members,
                held=Held(frozenset(held["fingerprints"]), frozenset(held["rules"]), held["conversation"]),
                reason=self._reasons.open(reason, row["id"].encode()).decode() if reason else "",
                text=bytes(row["text"]),
                genuine=genuine,
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            members["state"] = JustificationState.ENDED
            return Justification(**members, held=Held(frozenset(), frozenset(), ""), genuine=False)

    def _mac(self, row: dict[str, Any]) -> bytes:
        plain = {
            name: bytes(value).hex() if isinstance(value, bytes | memoryview) else value for name, value in row.items()
        }
        return hmac.digest(self._key, orjson.dumps(plain, option=orjson.OPT_SORT_KEYS, default=str), "sha256")


def _one(id: str) -> Any:
    return select(justification).where(justification.c.id == id)
