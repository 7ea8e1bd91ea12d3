"""The vault's rows in the database. All of this waits for the disk: it runs in the vault's threads."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, insert, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from promptguard.errors import StorageError
from promptguard.model import DataClass, Mark, Original
from promptguard.redaction.vault import MAX_BLOCKED, MAX_MARKS_PER_SCOPE
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.tables import meta, vault_entry, vault_mark, vault_scope
from promptguard.storage.vault.cipher import VaultCipher

_KEY_CHECK = "vault_key_check"
_EXPIRY = b"vault expiry"

_PARAMETERS = 500
"""Names in one statement: SQLite takes a limited number of parameters."""

_MARKS_KEPT = MAX_MARKS_PER_SCOPE * 15 // 16
"""Marks left in a scope that had too many: not each that follows has to make room."""

_MAX_COUNTED = 10_000
"""Scopes whose marks are counted in memory."""


AWAY = -1
"""In place of a revision, where the database cannot be asked."""


class Kept(NamedTuple):
    """An original, and until when it is kept, in seconds since 1970."""

    original: Original
    expires: float


@dataclass(frozen=True, slots=True)
class Originals:
    """All originals of a scope, and what was blocked in it, as of one revision.

    A revision is a number that grows with each write, 0 before the first.
    """

    revision: int
    entries: Mapping[str, Kept]
    blocked: Mapping[str, float]
    """Hashes of the newest blocked values, with the time at which each is forgotten."""

    def __len__(self) -> int:
        return len(self.entries)


class VaultRows:
    """Reads and writes one vault's rows."""

    def __init__(self, database: OpenDatabase, cipher: VaultCipher, clock: Callable[[], float]) -> None:
        self._database = database
        self._cipher = cipher
        self._clock = clock
        self._counted: dict[tuple[bytes, Mark], int] = {}

    def check_key(self, check: str) -> None:
        """Refuse a database whose vault was written with another key.

        Raises:
            StorageError: it was, or cannot be read.
        """
        with self._database.writing() as connection:
            self._database.lock(connection, _KEY_CHECK.encode())
            stored = connection.scalar(select(meta.c.value).where(meta.c.name == _KEY_CHECK))
            if stored is None:
                connection.execute(insert(meta).values(name=_KEY_CHECK, value=check))
                stored = check
        if not hmac.compare_digest(stored, check):
            raise StorageError(
                self._database.place,
                "The vault in this database was written with another master key.",
                "Restore the master key that belongs to it (of several machines on one database: copy it from another),"
                " or move the database aside to start anew.",
            )

    def read(self, scope: bytes) -> Originals:
        """All originals of a scope that have not expired."""
        entries = vault_entry.c
        with self._database.reading() as connection:
            revision = _revision(connection, scope)
            rows = connection.execute(
                select(entries.placeholder, entries.nonce, entries.ciphertext, entries.data_class, entries.expires)
                .where(entries.scope == scope, entries.expires > self._clock())
                .order_by(entries.expires)
            ).all()
            blocked = connection.execute(
                select(vault_mark.c.hash, vault_mark.c.expires)
                .where(_of(scope, Mark.BLOCKED), vault_mark.c.expires > self._clock())
                .order_by(vault_mark.c.expires.desc())
                .limit(MAX_BLOCKED)
            ).all()
        kept = {row[0]: self._kept(scope, *row) for row in rows}
        return Originals(revision, kept, {hash: float(expires) for hash, expires in blocked})

    def write(self, scope: bytes, originals: Mapping[str, Kept]) -> tuple[int, int]:
        """Keep originals. The scope's revision before and after."""
        rows = []
        for placeholder, (original, expires) in originals.items():
            nonce, ciphertext = self._cipher.encrypt(original.text, scope, placeholder, original.data_class)
            rows.append((scope, placeholder, nonce, ciphertext, int(expires), str(original.data_class)))
        with self._database.writing() as connection:
            self._database.lock(connection, scope)
            _replace(connection, vault_entry, rows)
            return self._revise(connection, scope)

    def _revise(self, connection: Connection, scope: bytes) -> tuple[int, int]:
        """Let all processes read a scope anew. Its revision before and after."""
        before = _revision(connection, scope)
        # A scope that was forgotten and comes back does not get a number again that it had.
        after = max(before + 1, int(self._clock() * 1000))
        connection.execute(delete(vault_scope).where(vault_scope.c.scope == scope))
        connection.execute(insert(vault_scope).values(scope=scope, revision=after))
        return before, after

    def read_marks(self, scope: bytes, mark: Mark, hashes: Sequence[str]) -> dict[str, float]:
        """Those of the hashes that are marked, with the time at which the mark expires."""
        columns = vault_mark.c
        found: dict[str, float] = {}
        with self._database.reading() as connection:
            for some in batched(hashes, _PARAMETERS):
                rows = connection.execute(
                    select(columns.hash, columns.expires).where(
                        _of(scope, mark), columns.hash.in_(some), columns.expires > self._clock()
                    )
                )
                found.update((each, float(expires)) for each, expires in rows)
        return found

    def write_marks(self, scope: bytes, mark: Mark, hashes: Sequence[str], expires: float) -> None:
        """Mark hashes; those that were marked first make room in a scope that has too many."""
        rows = [(scope, str(mark), each, int(expires)) for each in hashes]
        with self._database.writing() as connection:
            self._database.lock(connection, scope)
            _replace(connection, vault_mark, rows)
            count = self._counted.get((scope, mark))
            count = _count(connection, scope, mark) if count is None else count + len(hashes)
            if count > MAX_MARKS_PER_SCOPE:
                count = _make_room(connection, scope, mark)
            if mark is Mark.BLOCKED:
                self._revise(connection, scope)
        if len(self._counted) >= _MAX_COUNTED:
            self._counted.clear()
        self._counted[scope, mark] = count

    def delete_expired(self) -> None:
        """Delete what has expired, so that the database does not hold it any more."""
        now = self._clock()
        with self._database.writing() as connection:
            self._database.lock(connection, _EXPIRY)
            deleted = sum(_delete_expired(connection, table, now) for table in (vault_entry, vault_mark))
            if deleted:
                connection.execute(delete(vault_scope).where(vault_scope.c.scope.not_in(select(vault_entry.c.scope))))
        if deleted:
            self._counted.clear()
            self._database.deleted()

    def _kept(
        self, scope: bytes, placeholder: str, nonce: bytes, ciphertext: bytes, data_class: str | None, expires: int
    ) -> Kept:
        try:
            text = self._cipher.decrypt(nonce, ciphertext, scope, placeholder, data_class)
            # What schema 1 kept was no credential, and most of it about persons.
            known = DataClass.PERSONAL_DATA if data_class is None else DataClass(data_class)
        except ValueError:
            raise StorageError(
                self._database.place,
                "An entry of the vault has been changed or was written with another key.",
                "Restore the database and the master key from the same backup.",
            ) from None
        return Kept(Original(text, known), float(expires))


def _delete_expired(connection: Connection, table: Table, now: float) -> int:
    """How many rows were deleted. Those that somebody is writing just now are left: it makes them anew."""
    key = list(table.primary_key.columns)
    expired = select(*key).where(table.c.expires <= now).with_for_update(skip_locked=True)
    return connection.execute(delete(table).where(tuple_(*key).in_(expired))).rowcount


def _revision(connection: Connection, scope: bytes) -> int:
    return connection.scalar(select(vault_scope.c.revision).where(vault_scope.c.scope == scope)) or 0


def _replace(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows in place of those with the same key. Two databases agree on the words, and SQLAlchemy has them
    twice."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    key = list(table.primary_key.columns)
    values = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    columns = table.c.keys()
    connection.execute(
        statement.on_conflict_do_update(index_elements=key, set_=values),
        [dict(zip(columns, row, strict=True)) for row in rows],
    )


def _of(scope: bytes, mark: Mark) -> ColumnElement[bool]:
    return and_(vault_mark.c.scope == scope, vault_mark.c.mark == str(mark))


def _count(connection: Connection, scope: bytes, mark: Mark) -> int:
    return connection.scalar(select(func.count()).select_from(vault_mark).where(_of(scope, mark))) or 0


def _make_room(connection: Connection, scope: bytes, mark: Mark) -> int:
    """Delete what was marked first, where there is too much. How many marks are there now."""
    count = _count(connection, scope, mark)
    if count <= MAX_MARKS_PER_SCOPE:
        return count
    first = select(vault_mark.c.hash).where(_of(scope, mark)).order_by(vault_mark.c.expires).limit(count - _MARKS_KEPT)
    # Asked for first: PostgreSQL, which has not counted what was just written, may go through all for each.
    for some in batched(connection.scalars(first).all(), _PARAMETERS):
        connection.execute(delete(vault_mark).where(_of(scope, mark), vault_mark.c.hash.in_(some)))
    return _MARKS_KEPT
