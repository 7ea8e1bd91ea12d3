"""Appends to the audit record in a PostgreSQL database: one chain, for one thread at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import psycopg

from promptguard.audit.chain import genesis
from promptguard.audit.interface import (
    ChainTaken,
    Checkpoint,
    Entry,
    Head,
    Linker,
    Record,
    RecordingFailed,
    StoreAway,
    Writer,
)
from promptguard.storage.changes import Topic
from promptguard.storage.postgresql.chain_session import ChainSession
from promptguard.storage.postgresql.changes import NOTIFY, channel
from promptguard.storage.postgresql.database import PostgreSQLDatabase
from promptguard.storage.postgresql.failures import is_away
from promptguard.storage.postgresql.positions import IN_ORDER, POSITIONS
from promptguard.storage.record_reading import NOTE

MAX_UNSETTLED: Final = 2_000
"""Records that are kept in memory until they are flushed: a server that crashes may lose them."""

_SELECT_HEAD = "SELECT sequence, hash, mac FROM audit_head WHERE chain = %s"
_REPLACE_HEAD = (
    "INSERT INTO audit_head (sequence, hash, mac, chain) VALUES (%s, %s, %s, %s) ON CONFLICT (chain)"
    " DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash, mac = excluded.mac"
)
_REPLACE_NOTE = "INSERT INTO meta (name, value) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_REPLACE_CHECKPOINT = (
    "INSERT INTO audit_checkpoint (chain, number, time, heads, signature) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (chain) DO UPDATE SET number = excluded.number, time = excluded.time, heads = excluded.heads,"
    " signature = excluded.signature"
)
_INSERT_RECORD = (
    "INSERT INTO audit_record (sequence, event_id, time, action, event, previous_hash, hash, mac, chain)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_SELECT_HASH = "SELECT hash FROM audit_record WHERE chain = %s AND sequence = %s"
_SELECT_KNOWN = "SELECT event_id FROM audit_record WHERE event_id = ANY(%s)"
_NOT_FLUSHED = "SET LOCAL synchronous_commit = off"


class Attempt(NamedTuple):
    """What was about to be committed."""

    entries: Sequence[Entry]
    records: list[Record]
    head: Head
    """The chain's, after them."""


class PostgreSQLWriter(Writer):
    """Holds its chain by the session that it writes through.

    What was committed without being flushed is kept in memory until it is: where the server crashed and came back
    without it, it is written again before anything else.
    """

    def __init__(self, database: PostgreSQLDatabase, chain: str, session: ChainSession) -> None:
        self.chain = chain
        self._database = database
        self._session = session
        self.last: Head | None = None
        """The head as we left it, or found it."""
        self.unsettled: list[Record] = []
        """What was committed and not flushed: a server that crashes comes back without it."""
        self.attempt: Attempt | None = None
        """What an `append` that failed may have committed all the same: its answer was lost."""

    @classmethod
    def take(cls, database: PostgreSQLDatabase, chain: str) -> PostgreSQLWriter | None:
        """See `Store.resume`."""
        writer = cls(database, chain, ChainSession(database, chain))
        return writer if writer._guarded(writer._take) else None

    @classmethod
    def later(cls, database: PostgreSQLDatabase, chain: str, head: Head) -> PostgreSQLWriter:
        """For a chain that ends with this head, and is taken once the server can be reached."""
        writer = cls(database, chain, ChainSession(database, chain))
        writer.last = head
        return writer

    def _take(self) -> bool:
        if not self._session.take():
            return False
        connection = self._session.connection()
        self.last = self._stored(connection)
        connection.rollback()
        return True

    def append(self, entries: Sequence[Entry], linker: Linker, *, durable: bool) -> Head:
        return self._guarded(lambda: self._append(entries, linker, durable=durable))

    def settle(self) -> Head | None:
        # A commit that is flushed flushes all before it. It has to write something: the head again.
        return self._guarded(self._settle)

    def note(self, text: str) -> None:
        def write() -> None:
            connection = self._session.connection()
            connection.execute(_REPLACE_NOTE, (NOTE + self.chain, text))
            connection.commit()

        self._guarded(write)

    def keep(self, checkpoint: Checkpoint) -> None:
        # Flushed itself, it flushes all that could be seen before it.
        def write() -> None:
            connection = self._session.connection()
            connection.execute(_REPLACE_CHECKPOINT, checkpoint)
            connection.commit()

        self._guarded(write)

    def close(self) -> None:
        self._session.drop()

    def _append(self, entries: Sequence[Entry], linker: Linker, *, durable: bool) -> Head:
        connection, stored = self._begin()
        self.attempt = None
        lost = self._lost(stored)
        records, head = linker.extend(self.last if lost else stored, entries)
        self.attempt = Attempt(entries, records, head)
        durable = durable or bool(lost) or len(self.unsettled) + len(records) > MAX_UNSETTLED
        self._write(connection, [*lost, *records], head, durable=durable)
        self.last = head
        self.unsettled = [] if durable else [*self.unsettled, *records]
        self.attempt = None
        return head

    def insert(self, records: Sequence[Record], head: Head) -> None:
        """Bring records that were made before into the store, flushed; those that it has already stay as they are.

        Raises:
            StoreAway: the server cannot be reached.
            ChainTaken: the chain goes on with other records.
            RecordingFailed: they cannot be brought in; the store lacks what stood before them, say.
        """
        self._guarded(lambda: self._insert(records, head))

    def known(self, event_ids: Sequence[str]) -> set[str]:
        """Those of these events that are in the store, in whichever chain.

        Raises:
            RecordingFailed: it cannot be told.
        """

        def ask() -> set[str]:
            connection = self._session.connection()
            rows = connection.execute(_SELECT_KNOWN, (list(event_ids),)).fetchall()
            connection.rollback()
            return {row[0] for row in rows}

        return self._guarded(ask)

    def _insert(self, records: Sequence[Record], head: Head) -> None:
        connection, stored = self._begin()
        sequence = 0 if stored is None else stored.sequence
        new = [record for record in records if record.sequence > sequence]
        if not new:
            row = connection.execute(_SELECT_HASH, (self.chain, records[-1].sequence)).fetchone()
            connection.rollback()
            if row is None or row[0] != records[-1].hash:
                raise ChainTaken(f"Chain {self.chain} of the record goes on with other records.")
            self.last, self.unsettled = stored, []
            return
        if new[0].sequence > sequence + 1:
            raise RecordingFailed(
                f"Records {sequence + 1} to {new[0].sequence - 1} of chain {self.chain} are gone from the database, and"
                " those that wait cannot follow.\n  Restore the newer database. What waits is kept."
            )
        if new[0].previous_hash != (genesis(self.chain) if stored is None else stored.hash):
            raise ChainTaken(f"Chain {self.chain} of the record goes on with other records.")
        self._write(connection, new, head, durable=True)
        self.last, self.unsettled = head, []

    def _settle(self) -> Head | None:
        connection, stored = self._begin()
        lost = self._lost(stored)
        head = self.last if lost else stored
        if head is None:
            connection.rollback()
        else:
            self._write(connection, lost, head, durable=True)
            self.unsettled = []
        return head

    def _begin(self) -> tuple[psycopg.Connection, Head | None]:
        """A transaction in our session, and the head as it is stored. Nothing was written when the session was lost."""
        try:
            connection = self._session.connection()
            return connection, self._stored(connection)
        except psycopg.OperationalError:
            self._session.drop()
            connection = self._session.connection()
            return connection, self._stored(connection)

    def _stored(self, connection: psycopg.Connection) -> Head | None:
        row = connection.execute(_SELECT_HEAD, (self.chain,), prepare=True).fetchone()
        return Head(*row) if row else None

    def _lost(self, stored: Head | None) -> list[Record]:
        """What we committed, and the server came back without: records that continue what is stored, up to our last."""
        if self.last is None or stored == self.last or not self.unsettled:
            return []
        sequence = 0 if stored is None else stored.sequence
        lost = [record for record in self.unsettled if record.sequence > sequence]
        if not lost or lost[0].sequence != sequence + 1 or (stored and lost[0].previous_hash != stored.hash):
            return []
        return lost

    def _write(self, connection: psycopg.Connection, records: Sequence[Record], head: Head, *, durable: bool) -> None:
        with connection.pipeline():  # one way there and back for all of it
            cursor = connection.cursor()
            if not durable:
                cursor.execute(_NOT_FLUSHED)
            if records:
                cursor.execute(IN_ORDER, (POSITIONS,))
                cursor.executemany(_INSERT_RECORD, [record[:-1] for record in records])
                cursor.execute(NOTIFY, (channel(Topic.RECORDS),))
            cursor.execute(_REPLACE_HEAD, (*head, self.chain))
            connection.commit()

    def _guarded[R](self, work: Callable[[], R]) -> R:
        """Do something in the session; nothing is left of it where it fails.

        Raises:
            StoreAway: the server cannot be reached, or cannot do it just now.
            RecordingFailed: it failed otherwise.
        """
        if self._database.away:
            raise StoreAway(str(self._database.problem))
        try:
            result = work()
        except psycopg.Error as error:
            self._session.roll_back()
            kind = StoreAway if is_away(error) else RecordingFailed
            raise kind(str(self._database.failure(error))) from None
        except BaseException:
            self._session.roll_back()
            raise
        self._database.problem = None
        return result
