"""What holds the rows of a table together: none can be taken out, added, or put back as it was before, unseen.

The seal of a row (`mac`) says nothing of the others. So a head stands in the database: a number that grows with each
change and a hash over all rows, sealed with the key. It is kept a second time beside the keys, as of what this machine
saw last: a head that is put back together with its rows is told by each machine that has seen a later one.

Once rows are found to be in doubt the head says so, to all that share the database, until somebody has looked and
accepts what is there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

import orjson
from sqlalchemy import Connection, Table, insert, select, update

from promptguard.audit.chain import Chain
from promptguard.audit.head_file import HeadFile
from promptguard.audit.interface import Head
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.tables import meta


class Doubt(StrEnum):
    """Why rows are in doubt."""

    NONE = ""
    CHANGED = "changed"
    """Rows were taken out, added, changed or put back, or the head was changed."""
    EARLIER = "earlier"
    """All is as it was at an earlier time."""
    RESTORED = "restored"
    """All was put back from a backup (`runtime.backup`)."""


DOUBTS: Final = {
    Doubt.NONE: "",
    Doubt.CHANGED: "Somebody with access to the database alone took some out, added or changed some, or put some back.",
    Doubt.EARLIER: "They are as they were at an earlier time, as an older copy of the database has them.",
    Doubt.RESTORED: "They were put back from a backup, and what was decided since then is not in it.",
}
"""As a sentence."""


@dataclass(frozen=True, slots=True)
class RowsSeen:
    """How the rows of a table are at one time."""

    head: Head | None
    """The genuine one of the database; None where there is none."""
    doubt: Doubt
    is_noted: bool
    """Whether the head says that they are in doubt: then all know."""


class RowHead:
    """The head of one table, whose columns are texts and bytes. For any thread; several processes may use it.

    Args:
        name: of the head file, in lower-case letters and hyphens.
        key: what the rows are sealed with.
        folder: the one of the keys.
    """

    def __init__(self, database: OpenDatabase, table: Table, name: str, key: bytes, folder: Path) -> None:
        self._database = database
        self._table = table
        self._lock = name.replace("-", " ").encode()
        self._name = f"{name.replace('-', '_')}_head"
        self._chain = Chain(key, name)
        # Whoever goes from a database of one machine to a shared one begins another one.
        self._file = HeadFile(folder / f"{name}{'.shared' if database.is_shared else ''}.head", self._chain)
        self._seen: Head | None = None
        """What this process saw last: the file may be on a full disk, or in a folder that cannot be written."""

    @contextlib.contextmanager
    def reading(self) -> Iterator[tuple[Connection, RowsSeen]]:
        """A connection that sees one state of the database, and how the rows are in it.

        Raises:
            StorageError: the database cannot be read.
        """
        known = self._known()  # before the database: it is never ahead of that
        with self._database.reading() as connection:
            seen = self._look(connection, known)
            yield connection, seen
        if seen.head is not None and seen.doubt is Doubt.NONE:
            self._keep(seen.head, known)

    def has_to_be_written(self) -> bool:
        """Whether there is none yet, or it does not say what this machine knows: that the rows are in doubt.

        Raises:
            StorageError: the database cannot be read.
        """
        with self.reading() as (_, seen):
            return not seen.is_noted and (seen.head is None or seen.doubt is not Doubt.NONE)

    @contextlib.contextmanager
    def changing(self, doubt: Doubt = Doubt.NONE) -> Iterator[Connection]:
        """A transaction that changes rows, which nobody comes between; the head goes with them.

        Rows that are in doubt stay so.

        Args:
            doubt: what puts all rows in doubt from now on.

        Raises:
            StorageError: the database cannot be written, and nothing has changed.
        """
        known = self._known()
        with self._database.writing_durably() as connection:
            self._database.lock(connection, self._lock)
            seen = self._look(connection, known)
            yield connection
            head = self._write(connection, _next(seen.head), seen.doubt or doubt)
        self._keep(head, known)

    @contextlib.contextmanager
    def accepting(self, now: str) -> Iterator[Connection]:
        """A transaction after which the rows that are there then are in doubt no more, on any machine.

        Args:
            now: the time, as `Event.time`. The head's number goes on from it, in milliseconds since 1970: so it is
                greater than all that any machine can have seen.

        Raises:
            StorageError: see `changing`.
        """
        known = self._known()
        milliseconds = int(datetime.fromisoformat(now).timestamp() * 1000)
        with self._database.writing_durably() as connection:
            self._database.lock(connection, self._lock)
            seen = self._look(connection, known)
            yield connection
            head = self._write(connection, max(milliseconds, _next(seen.head), _next(known)), Doubt.NONE)
        self._keep(head, known)

    def revision(self, connection: Connection) -> str:
        """What is another after each change. Cheap."""
        return connection.scalar(select(meta.c.value).where(meta.c.name == self._name)) or ""

    def _look(self, connection: Connection, known: Head | None) -> RowsSeen:
        written = self.revision(connection)
        if not written:
            # Before its first change, or of a version that kept none, there is no head. No other machine can tell.
            return RowsSeen(None, Doubt.NONE if known is None else Doubt.CHANGED, is_noted=False)
        try:
            members = orjson.loads(written)
            head = Head(int(members["sequence"]), bytes.fromhex(members["hash"]), bytes.fromhex(members["mac"]))
            noted = Doubt(members["doubt"])
        except (ValueError, KeyError, TypeError):
            return RowsSeen(None, Doubt.CHANGED, is_noted=False)
        if not self._chain.is_genuine(head):
            return RowsSeen(None, Doubt.CHANGED, is_noted=False)
        if head.hash != self._hash(connection, noted):
            return RowsSeen(head, Doubt.CHANGED, is_noted=False)
        if noted is not Doubt.NONE:
            return RowsSeen(head, noted, is_noted=True)
        is_earlier = known is not None and (
            head.sequence < known.sequence or (head.sequence == known.sequence and head.hash != known.hash)
        )
        return RowsSeen(head, Doubt.EARLIER if is_earlier else Doubt.NONE, is_noted=False)

    def _write(self, connection: Connection, sequence: int, doubt: Doubt) -> Head:
        head = self._chain.head_at(sequence, self._hash(connection, doubt))
        members = {"sequence": sequence, "hash": head.hash.hex(), "mac": head.mac.hex(), "doubt": doubt}
        value = orjson.dumps(members).decode()
        if not connection.execute(update(meta).where(meta.c.name == self._name).values(value=value)).rowcount:
            connection.execute(insert(meta).values(name=self._name, value=value))
        return head

    def _hash(self, connection: Connection, doubt: Doubt) -> bytes:
        """Over all rows, and what the head says of them.

        Not over their seals alone: of a row that somebody changed and left its seal, only those who look at it know.
        What is empty is left out, so that a column that a later version adds puts no row in doubt.
        """
        rows = connection.execute(select(self._table)).mappings()
        # Sorted here: databases sort texts each in its own way.
        lines = sorted(sorted((name, ascii(value)) for name, value in row.items() if value) for row in rows)
        return sha256(orjson.dumps([doubt, lines])).digest()

    def _known(self) -> Head | None:
        """What this machine saw last; None where it cannot be read: that is beyond who has the database alone."""
        seen, written = self._seen, None
        with contextlib.suppress(OSError, ValueError):
            written = self._file.read()
        return max(filter(None, (seen, written)), key=lambda head: head.sequence, default=None)

    def _keep(self, head: Head, known: Head | None) -> None:
        if known is None or known.sequence < head.sequence:
            self._seen = head
            with contextlib.suppress(OSError):  # a full disk is told elsewhere, and must not hold up a stop
                self._file.replace(head)


def _next(head: Head | None) -> int:
    return head.sequence + 1 if head is not None else 1
