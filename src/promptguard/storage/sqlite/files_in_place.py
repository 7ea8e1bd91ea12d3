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

_HEADER_BYTES = 100
"""Of the database header (https://sqlite.org/fileformat2.html#the_database_header)."""


class Files(NamedTuple):
    """Device and inode of the database and of the files beside it; None for one that is not there."""

    database: Stamp
    log: Stamp
    shared: Stamp


class FilesInPlace:
    """Watches the files of one database."""

    def __init__(self, path: Path) -> None:
        """`path` is the database's, which is there."""
        self._path = path
        self._beside = (f"{path}-wal", f"{path}-shm")
        self._database = _stamp(path)
        self._size = 0

    def opened(self) -> Files:
        """The files that a connection has opened just now.

        Raises:
            StorageError: the database is not the one that was opened first.
        """
        files = self._look()
        if files.database != self._database:
            raise self._gone()
        return files

    def check(self, opened: Files | None) -> None:
        """Compare with what a connection has opened; None compares the database alone. Takes some microseconds.

        Raises:
            StorageError: what was written through it is not in the files that everybody else opens.
        """
        files = self._look()
        if files.database != self._database or (opened is not None and files != opened):
            raise self._gone()
        self._check_size()

    def _look(self) -> Files:
        return Files(_stamp(self._path), *map(_stamp, self._beside))

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


def _stamp(path: str | Path) -> Stamp:
    try:
        status = os.stat(path)  # noqa: PTH116 - on the way of every request: Path.stat costs twice as much
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino


def _is_whole(path: Path, size: int) -> bool:
    """Whether a database has as many pages as its header says; VACUUM makes it smaller, and is no harm."""
    with path.open("rb") as stream:
        header = stream.read(_HEADER_BYTES)
    page = int.from_bytes(header[16:18])
    pages = int.from_bytes(header[28:32])
    return len(header) == _HEADER_BYTES and size >= pages * (65536 if page == 1 else page)
