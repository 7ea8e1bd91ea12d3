"""Whether the files that a connection has open are still those that its database's path leads to.

SQLite goes on writing into files that were deleted or moved away: what is committed there nobody will ever read. Its
`-wal` and `-shm` count like the database: committed records stand in the one until a checkpoint, and processes that see
different ones of the other do not know of each other's (https://sqlite.org/howtocorrupt.html, 2.4 and 4).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from promptguard.errors import StorageError

type Stamp = tuple[int, int] | None
"""Device and inode; None for a file that is not there."""

type Change = tuple[int, int] | None
"""Size in bytes and time of the last change in nanoseconds; None for a file that is not there."""

_HEADER_BYTES = 100
"""Of the database header (https://sqlite.org/fileformat2.html#the_database_header)."""


class Changes(NamedTuple):
    """When, and to what size, database and log were changed last."""

    database: Change
    log: Change


class Files(NamedTuple):
    """The database and the files beside it."""

    database: Stamp
    log: Stamp
    shared: Stamp


class FilesInPlace:
    """Watches the files of one database."""

    def __init__(self, path: Path) -> None:
        """`path` is the database's, which is there."""
        self._path = path
        self._paths = (str(path), f"{path}-wal", f"{path}-shm")
        self._database = self._look()[0].database
        self._pinned: Files | None = None
        self._size = 0

    def pin(self) -> None:
        """Take the files that are there for all that connections may open: called when one keeps them open."""
        self._pinned = self._look()[0]

    def unpin(self) -> None:
        """Let SQLite delete log and index, which it makes anew for the next connection: the last one is closed."""
        self._pinned = None

    def opened(self) -> Files:
        """The files that a connection has opened just now.

        Raises:
            StorageError: they are not those that were opened first.
        """
        files, _ = self._look()
        if files.database != self._database or files != (self._pinned or files):
            raise self._gone()
        return files

    def check(self, opened: Files | None) -> Changes:
        """Compare with what a connection has opened; None compares with those that are pinned. Takes some microseconds.

        Returns what `changes` does.

        Raises:
            StorageError: what was written through it is not in the files that everybody else opens.
        """
        changes = self.check_same(opened)
        if os.name != "posix":  # there, `Untouched` sees it, and closing the file would lose SQLite's locks on it
            self._check_size()
        return changes

    def check_same(self, opened: Files | None) -> Changes:
        """As `check`, whatever is in the files."""
        files, changes = self._look()
        expected = opened or self._pinned
        if files.database != self._database or (expected is not None and files != expected):
            raise self._gone()
        return changes

    def changes(self) -> Changes:
        """When the files were changed last."""
        return Changes(_look_at(self._paths[0])[1], _look_at(self._paths[1])[1])

    def _look(self) -> tuple[Files, Changes]:
        database, log, shared = map(_look_at, self._paths)
        return Files(database[0], log[0], shared[0]), Changes(database[1], log[1])

    def _check_size(self) -> None:
        size = self._path.stat().st_size
        if size < self._size and not _is_whole(self._path, size):
            raise StorageError(
                self._path,
                "The database was cut while it was in use.",
                "Stop PromptGuard, keep a copy for examination, and restore the last backup.",
            )
        self._size = size

    def _gone(self) -> StorageError:
        return StorageError(
            self._path,
            "The database, or a file beside it, was deleted, moved or replaced while it was in use.",
            "Put the files back, or stop PromptGuard, restore the last backup, and start it again.",
        )


def _look_at(path: str) -> tuple[Stamp, Change]:
    try:
        status = os.stat(path)  # noqa: PTH116 - on the way of every request: Path.stat costs twice as much
    except (FileNotFoundError, NotADirectoryError):
        return None, None
    return (status.st_dev, status.st_ino), (status.st_size, status.st_mtime_ns)


def _is_whole(path: Path, size: int) -> bool:
    """Whether a database has as many pages as its header says; VACUUM makes it smaller, and is no harm."""
    with path.open("rb") as stream:
        header = stream.read(_HEADER_BYTES)
    page = int.from_bytes(header[16:18])
    pages = int.from_bytes(header[28:32])
    return len(header) == _HEADER_BYTES and size >= pages * (65536 if page == 1 else page)
