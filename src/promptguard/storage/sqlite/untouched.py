"""Whether others than SQLite wrote into a database's files while we have them open.

A file that was overwritten in place (`cp old.db promptguard.db`, `dd`, a restored backup) is still the same file, and
SQLite goes on from the pages that it keeps in memory: what is committed then may never be read again. So size and time
of last change are compared each time before we write. Where they changed and we did not write, SQLite's own notes say
whether another process of ours did; if none did, the content decides.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from promptguard.errors import StorageError
from promptguard.storage.positioned import read_at
from promptguard.storage.sqlite.files_in_place import Changes, FilesInPlace
from promptguard.storage.sqlite.held_file import HeldFile
from promptguard.storage.sqlite.wal import INDEX_BYTES, Index, checkpoint_of, ends_as_indexed, is_whole, parse_index

_BLOCK = 4096
_BEGINNING_BYTES = 20
"""Up to the versions that say whether there is a log (https://sqlite.org/fileformat2.html#the_database_header)."""
_TRIES = 3
_SPREAD_BLOCKS = 32
_LAST_BLOCKS = 32
"""Blocks of the database that tell it from another one, or an older one: some from all over, and those at its end."""

MAX_CHECKED_BYTES = 128 * 1024 * 1024
"""Up to this size a database is read whole where its content has to decide; that takes 0.1 s."""


class Overwritten(StorageError):
    """Others than SQLite wrote into a database's files: proven by what is in them."""

    def __init__(self, place: Path) -> None:
        super().__init__(
            place,
            "The database, or the log beside it, was overwritten while it was in use.",
            "Stop PromptGuard, keep a copy for examination, and restore the last backup. `promptguard audit verify`"
            " will always tell of it.",
        )


class Untouched:
    """Watches the content of one database's files. Whoever calls holds the lock on writing.

    Not on Windows, where SQLite's locks keep others from writing into its files.
    """

    def __init__(self, path: Path, files: FilesInPlace) -> None:
        """`path` is the database's, which is there and open, `files` what tells of changes to it."""
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._files = files
        self._held: tuple[HeldFile, HeldFile] | None = None
        self._changes: Changes | None = None
        self._sample = b""
        self._index = b""
        """As it is in the file: it is read only where something has changed."""

    def begin(self, connection: sqlite3.Connection) -> None:
        """Hold the files, and take them as they are: once, after the first write, which leaves alone who only reads.

        Raises:
            OSError: they cannot be read.
        """
        if os.name != "posix" or not self._log.exists():  # there are file systems where SQLite keeps no log
            return
        self._held = HeldFile(self._path), HeldFile(f"{self._path}-shm")
        # After a crash the index cannot tell how far a checkpoint has come until there is another.
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        self.note(self.index(), self._files.changes())

    @property
    def is_begun(self) -> bool:
        """Whether the files are watched."""
        return self._held is not None

    def index(self) -> bytes:
        """What to give `note`, read before changes are looked for: another process may be writing just now."""
        return self._held[1].read(INDEX_BYTES, 0) if self._held else b""

    def note(self, index: bytes, changes: Changes) -> None:
        """Take the files as they are now, just after we have written. Takes a microsecond."""
        assert self._held is not None
        # Two checkpoints within one tick of the clock leave the same time.
        before = self._changes, checkpoint_of(self._index)
        if before[0] is None or (before[0].database, before[1]) != (changes.database, checkpoint_of(index)):
            self._sample = _sample(self._held[0])
        self._index, self._changes = index, changes

    def check(self, connection: sqlite3.Connection | None) -> None:
        """Compare with what was noted.

        Args:
            connection: in a transaction that no other writer can come between; None where there can be none.

        Raises:
            Overwritten: somebody else wrote into the database or its log.
            OSError, sqlite3.Error: it cannot be told.
        """
        if self.is_as_noted:
            return
        self.check_kind()
        for _ in range(_TRIES):
            index = self.index()
            if self._log_is_ours(index) and self._database_is_ours(index, connection):
                if connection is not None:
                    self.note(self.index(), self._files.changes())
                return
            if index == self.index():  # else another process came between, with a checkpoint or a transaction
                raise Overwritten(self._path)

    def note_written(self, index: bytes, changes: Changes) -> None:
        """Note what a transaction of ours has left.

        Raises:
            Overwritten: somebody else wrote into the database while that was under way.
            OSError: it cannot be told.
        """
        if self._changes is not None and changes.database != self._changes.database:
            self.check_kind()
        self.note(index, changes)

    @property
    def takes_time(self) -> bool:
        """Whether `check` may have to read the whole database."""
        return self._changes is not None and self._files.changes().database != self._changes.database

    def check_kind(self) -> None:
        """See that the database still begins as one with a log. Needs no transaction.

        While we have it open, SQLite lets nobody change that; checkpoints write these bytes as they are.

        Raises:
            Overwritten: somebody else wrote into the database.
            OSError: it cannot be told.
        """
        if self._held is None:
            return
        beginning = self._held[0].read(_BEGINNING_BYTES, 0)
        if (beginning[:16], beginning[18:]) != (b"SQLite format 3\0", b"\x02\x02"):
            raise Overwritten(self._path)

    @property
    def is_as_noted(self) -> bool:
        """Whether nobody has written since, as far as sizes and times tell."""
        return self._changes is None or self._files.changes() == self._changes

    @property
    def is_emptied(self) -> bool:
        """Whether nothing is left of the database: then SQLite deletes its log itself."""
        change = self._files.changes().database
        return self._changes is not None and change is not None and not change[0]

    def close(self) -> None:
        """Let go of the files, when nothing of the database is open any more."""
        for file in self._held or ():
            file.close()
        self._held = self._changes = None

    def _indexes(self, now: bytes) -> tuple[Index | None, Index | None]:
        """The index as it was noted, and as it is now."""
        return parse_index(self._index), parse_index(now)

    def _log_is_ours(self, now: bytes) -> bool:
        assert self._changes is not None
        if self._files.changes().log == self._changes.log:
            return True
        before, index = self._indexes(now)
        if index is None:
            return True  # it cannot be told: another process may be writing it
        with self._log.open("rb", buffering=0) as stream:  # it has no locks that closing it would lose

            def read(length: int, offset: int) -> bytes:
                return read_at(stream.fileno(), length, offset)

            committed = before is None or index.changes != before.changes
            return ends_as_indexed(read, index) if committed else is_whole(read, index)

    def _database_is_ours(self, now: bytes, connection: sqlite3.Connection | None) -> bool:
        assert self._held is not None and self._changes is not None
        if self._files.changes().database == self._changes.database:
            return True
        before, index = self._indexes(now)
        if before is None or index is None or before.checkpoint != index.checkpoint or before.copied != before.begun:
            return True  # another process did a checkpoint, or was at it
        if _sample(self._held[0]) != self._sample:
            return False
        return connection is None or self._held[0].size > MAX_CHECKED_BYTES or _is_sound(connection)


def _is_sound(connection: sqlite3.Connection) -> bool:
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return False
        raise  # a disk that fails, or no memory, says nothing of the content


def _sample(file: HeldFile) -> bytes:
    """A hash over blocks of a file: its first, its last ones, and some between."""
    blocks = -(-file.size // _BLOCK)
    spread = range(0, blocks, max(1, blocks // _SPREAD_BLOCKS))
    digest = hashlib.sha256(blocks.to_bytes(8))
    for block in sorted({*spread, *range(max(0, blocks - _LAST_BLOCKS), blocks)}):
        digest.update(file.read(_BLOCK, block * _BLOCK))
    return digest.digest()
