"""The keys that records are sealed under, in a database: the same in every kind of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import bindparam, insert, inspect, select, update

from promptguard.audit.interface import Store
from promptguard.audit.sealing.envelope import header_of
from promptguard.audit.sealing.interface import DataKey, KeptKey, KeyStore
from promptguard.errors import StorageError
from promptguard.storage.key_tables import data_key, kept_key, key_metadata
from promptguard.storage.open_database import OpenDatabase

_LOCK = b"data keys"


class DatabaseKeys(KeyStore):
    """See `KeyStore`. Its tables are made where there are none."""

    def __init__(self, database: OpenDatabase) -> None:
        self._database = database
        with database.reading() as connection:
            there = set(inspect(connection).get_table_names())
        if not there.issuperset(key_metadata.tables):
            with database.writing() as connection:
                database.lock(connection, _LOCK)
                key_metadata.create_all(connection)

    def check_in_place(self) -> None:
        self._database.check_place()

    def add(self, key: DataKey) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(data_key).values(**key._asdict()))

    def get(self, id: bytes) -> DataKey | None:
        with self._database.reading() as connection:
            row = connection.execute(select(data_key).where(data_key.c.id == id)).one_or_none()
        return DataKey._make(row) if row else None

    def kept(self, id: bytes, nonce: bytes) -> KeptKey | None:
        statement = select(kept_key).where(kept_key.c.key_id == id, kept_key.c.nonce == nonce)
        with self._database.reading() as connection:
            row = connection.execute(statement).one_or_none()
        return KeptKey._make(row) if row else None

    def all(self) -> list[DataKey]:
        with self._database.reading() as connection:
            return [DataKey._make(row) for row in connection.execute(select(data_key).order_by(data_key.c.day))]

    def of_day(self, day: str) -> list[DataKey]:
        with self._database.reading() as connection:
            return [DataKey._make(row) for row in connection.execute(select(data_key).where(data_key.c.day == day))]

    def all_kept(self) -> list[KeptKey]:
        with self._database.reading() as connection:
            return [KeptKey._make(row) for row in connection.execute(select(kept_key))]

    def kept_of(self, id: bytes) -> list[KeptKey]:
        statement = select(kept_key).where(kept_key.c.key_id == id)
        with self._database.reading() as connection:
            return [KeptKey._make(row) for row in connection.execute(statement)]

    def shred(self, deleted: Sequence[DataKey], kept: Sequence[KeptKey]) -> None:
        with self._database.writing() as connection:
            for each in kept:
                connection.execute(insert(kept_key).values(**each._asdict()))
            if deleted:
                left = [{"of": key.id, "when": key.expired, "proof": key.mac, "number": key.kept} for key in deleted]
                connection.execute(_SHRED, left)
        self._database.deleted()

    def shred_kept(self, kept: Sequence[KeptKey]) -> None:
        with self._database.writing() as connection:
            for each in kept:
                connection.execute(_SHRED_KEPT, {"of": each.key_id, "place": each.nonce, "proof": each.mac})
        self._database.deleted()


def refuse_anew(place: Path | str, store: Store) -> None:
    """See that no record was sealed with keys that are gone, before new ones are made in their place.

    Raises:
        StorageError: the last record was.
    """
    last = store.last(1)
    if last and header_of(last[0].event) is not None:
        raise StorageError(
            place,
            "The keys are gone that the record is sealed under.",
            "Restore them from a backup of the keys. Without them nothing that was recorded can be read; to go on"
            " without it, move the database aside, too.",
        )


_SHRED = (
    update(data_key)
    .where(data_key.c.id == bindparam("of"))
    .values(wrapped=b"", expired=bindparam("when"), mac=bindparam("proof"), kept=bindparam("number"))
)

_SHRED_KEPT = (
    update(kept_key)
    .where(kept_key.c.key_id == bindparam("of"), kept_key.c.nonce == bindparam("place"))
    .values(wrapped=b"", mac=bindparam("proof"))
)
