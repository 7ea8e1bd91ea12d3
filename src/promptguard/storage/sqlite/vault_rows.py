"""The vault's rows in the database. All but `Lookups` waits for the disk: it runs in the vault's threads."""

from __future__ import annotations

import contextlib
import hmac
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, PoolProxiedConnection, Table, and_, delete, func, insert, select

from promptguard.errors import StorageError
from promptguard.model import DataClass, Mark, Original
from promptguard.redaction.vault import MAX_BLOCKED, MAX_MARKS_PER_SCOPE
from promptguard.storage.sqlite.database import Database
from promptguard.storage.sqlite.vault_cipher import VaultCipher
from promptguard.storage.tables import meta, vault_entry, vault_mark, vault_scope

_KEY_CHECK = "vault_key_check"

_PARAMETERS = 500
"""Names in one statement: SQLite takes a limited number of parameters."""

MAX_LOOKED_UP: Final = 64
"""Marks that are looked up at once, on the event loop: a tenth of a millisecond."""

_MARKS_KEPT = MAX_MARKS_PER_SCOPE * 15 // 16
"""Marks left in a scope that had too many: not each that follows has to make room."""

_MAX_COUNTED = 10_000
"""Scopes whose marks are counted in memory."""


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


class Lookups:
    """Asks without waiting, on the event loop: by primary key, through a connection kept for it.

    A thread that is woken for it takes a millisecond or two on an idle machine, and the lookup some microseconds.
    """

    _SELECT_REVISION = "SELECT revision FROM vault_scope WHERE scope = ?"
    _SELECT_MARKS = "SELECT hash, expires FROM vault_mark WHERE scope = ? AND mark = ? AND expires > ? AND hash IN ({})"

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: PoolProxiedConnection | None = None

    def revision(self, scope: bytes) -> int:
        """The revision in the database now; -1 if it cannot be told without waiting."""
        rows = self._rows(self._SELECT_REVISION, (scope,))
        if rows is None:
            return -1
        return int(rows[0][0]) if rows else 0

    def marks(self, scope: bytes, mark: Mark, hashes: Sequence[str], now: float) -> dict[str, float] | None:
        """As `VaultRows.read_marks`; None if it cannot be told without waiting."""
        if len(hashes) > MAX_LOOKED_UP:
            return None
        select = self._SELECT_MARKS.format(",".join("?" * len(hashes)))
        rows = self._rows(select, (scope, str(mark), now, *hashes))
        return None if rows is None else {each: float(expires) for each, expires in rows}

    def _rows(self, select: str, parameters: tuple[object, ...]) -> Sequence[tuple[Any, ...]] | None:
        try:
            # All rows are fetched: a statement left open would hold its state of the database.
            return self._cursor().execute(select, parameters).fetchall()
        except (sqlite3.Error, StorageError):
            self.close()
            return None

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.detach()  # its settings are not those of the pool
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _cursor(self) -> Any:
        if self._connection is None:
            self._connection = self._database.raw_connection()
            self._connection.cursor().execute("PRAGMA busy_timeout = 0")
        return self._connection.cursor()


class VaultRows:
    """Reads and writes one vault's rows."""

    def __init__(self, database: Database, cipher: VaultCipher, clock: Callable[[], float]) -> None:
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
            stored = connection.scalar(select(meta.c.value).where(meta.c.name == _KEY_CHECK))
            if stored is None:
                connection.execute(insert(meta).values(name=_KEY_CHECK, value=check))
                stored = check
        if not hmac.compare_digest(stored, check):
            raise StorageError(
                self._database.path,
                "The vault in this database was written with another master key.",
                "Restore the master key that belongs to it, or move the database aside to start anew.",
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
            _replace(connection, vault_entry, scope, originals, rows)
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
            _replace(connection, vault_mark, scope, hashes, rows, _of(scope, mark))
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
        """Delete what has expired, so that the file does not hold it any more."""
        now = self._clock()
        with self._database.writing() as connection:
            deleted = sum(
                connection.execute(delete(table).where(table.c.expires <= now)).rowcount
                for table in (vault_entry, vault_mark)
            )
            if deleted:
                connection.execute(delete(vault_scope).where(vault_scope.c.scope.not_in(select(vault_entry.c.scope))))
        if deleted:
            self._counted.clear()
            self._database.empty_log()

    def _kept(
        self, scope: bytes, placeholder: str, nonce: bytes, ciphertext: bytes, data_class: str | None, expires: int
    ) -> Kept:
        try:
            text = self._cipher.decrypt(nonce, ciphertext, scope, placeholder, data_class)
            # What schema 1 kept was no credential, and most of it about persons.
            known = DataClass.PERSONAL_DATA if data_class is None else DataClass(data_class)
        except ValueError:
            raise StorageError(
                self._database.path,
                "An entry of the vault has been changed or was written with another key.",
                "Restore the database and the master key from the same backup.",
            ) from None
        return Kept(Original(text, known), float(expires))


def _revision(connection: Connection, scope: bytes) -> int:
    return connection.scalar(select(vault_scope.c.revision).where(vault_scope.c.scope == scope)) or 0


def _replace(
    connection: Connection,
    table: Table,
    scope: bytes,
    names: Iterable[str],
    rows: Sequence[tuple[object, ...]],
    *conditions: ColumnElement[bool],
) -> None:
    """Insert rows in place of those with the same scope and name. Databases do not agree on how to spell an upsert."""
    name = list(table.primary_key.columns)[-1]
    for some in batched(names, _PARAMETERS):
        connection.execute(delete(table).where(table.c.scope == scope, *conditions, name.in_(some)))
    columns = table.c.keys()
    connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])


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
    connection.execute(delete(vault_mark).where(_of(scope, mark), vault_mark.c.hash.in_(first.scalar_subquery())))
    return _MARKS_KEPT
