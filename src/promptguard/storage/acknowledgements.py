"""Who has acknowledged which document, in a database: the same in every kind of it, each row sealed with a key."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any, Final

import orjson
from sqlalchemy import RowMapping, delete, insert, select, update

from promptguard.policy.acknowledgements import Acknowledgement, AcknowledgementStore
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.tables import acknowledgement

_COLUMNS: Final = tuple(str(column.name) for column in acknowledgement.c if column.name not in ("mac", "reminded"))
_LATEST: Final = (acknowledgement.c.time.desc(), acknowledgement.c.id)


class DatabaseAcknowledgements(AcknowledgementStore):
    """See `AcknowledgementStore`.

    Args:
        key: `Keys.acknowledgements`.
    """

    def __init__(self, database: OpenDatabase, key: bytes) -> None:
        self._database = database
        self._key = key

    def add(self, given: Acknowledgement) -> None:
        row = {name: str(getattr(given, name)) for name in _COLUMNS}
        with self._database.writing() as connection:
            connection.execute(insert(acknowledgement).values({**row, "mac": self._mac(row)}))

    def of_person(self, pseudonym: str) -> Sequence[Acknowledgement]:
        wanted = select(acknowledgement).where(acknowledgement.c.pseudonym == pseudonym).order_by(*_LATEST)
        with self._database.reading() as connection:
            return [self._read(row) for row in connection.execute(wanted).mappings()]

    def all(self) -> Sequence[Acknowledgement]:
        with self._database.reading() as connection:
            rows = connection.execute(select(acknowledgement).order_by(*_LATEST)).mappings()
            return [self._read(row) for row in rows]

    def remind(self, pseudonym: str, day: str) -> bool:
        not_yet = (acknowledgement.c.pseudonym == pseudonym) & (acknowledgement.c.reminded < day)
        with self._database.writing() as connection:
            return connection.execute(update(acknowledgement).where(not_yet).values(reminded=day)).rowcount > 0

    def forget(self, before: str) -> int:
        with self._database.writing() as connection:
            gone = connection.execute(delete(acknowledgement).where(acknowledgement.c.time < before)).rowcount
        if gone:
            self._database.deleted()
        return gone

    def _read(self, row: RowMapping) -> Acknowledgement:
        members = {name: row[name] for name in _COLUMNS}
        mac = row["mac"]
        genuine = isinstance(mac, bytes) and hmac.compare_digest(mac, self._mac(members))
        return Acknowledgement(**members, genuine=genuine)

    def _mac(self, row: dict[str, Any]) -> bytes:
        return hmac.digest(self._key, orjson.dumps(row, option=orjson.OPT_SORT_KEYS, default=str), "sha256")
