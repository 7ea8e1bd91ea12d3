"""Spool files of one process: one that it writes, and those that processes before it left behind."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

from promptguard.audit.interface import RecordingFailed
from promptguard.errors import StorageError
from promptguard.storage.file_lock import FileLock
from promptguard.storage.spool.file import SpoolFile
from promptguard.storage.spool.records import SpoolFolder

SHARE: Final = 0.25
"""Of the bound, for the files of one kind: the rest is for records."""


class OwnedFiles:
    """Held until they are closed: no other process delivers them. For one thread at a time."""

    def __init__(self, folder: SpoolFolder, suffix: str) -> None:
        """Take the first file that nobody has, and all that somebody left.

        Args:
            suffix: of the names of all files of a kind: `.vault`.

        Raises:
            StorageError: a file cannot be read, or locked.
        """
        self._suffix = suffix
        self._files: list[SpoolFile] = []
        self._locks: list[FileLock] = []
        try:
            self.take_left(folder)
        except StorageError:
            self.close()
            raise

    def take_left(self, folder: SpoolFolder) -> None:
        """Take what processes left that ended meanwhile, too.

        Raises:
            StorageError: a file cannot be read, or locked.
        """
        mine = {file.path.name for file in self._files}
        names = {path.name for path in folder.path.glob(f"*{self._suffix}")} - mine
        left = {name.removesuffix(self._suffix) for name in names}
        try:
            for name in map(str, count(1)):
                if self._files and not left:
                    return
                is_mine = f"{name}{self._suffix}" in mine
                if (not self._files or name in left) and not is_mine:
                    self._take(folder, name)
                left.discard(name)
        except RecordingFailed as error:
            raise StorageError(folder.path, str(error), "") from None

    def _take(self, folder: SpoolFolder, name: str) -> None:
        """Unless another process has it."""
        if (lock := folder.lock(f"{self._suffix.removeprefix('.')}-{name}")) is not None:
            self._locks.append(lock)
            self._files.append(folder.file(folder.path / f"{name}{self._suffix}", SHARE))

    @property
    def path(self) -> Path:
        """Of the file that is written."""
        return self._files[0].path

    @property
    def size(self) -> int:
        """In bytes, of all."""
        return sum(file.size for file in self._files)

    def contents(self) -> Iterator[bytes]:
        """All that waits, of each file in the order in which it was written, and last what is written meanwhile.

        Raises:
            StorageError: a file was changed.
        """
        for file in (*self._files[1:], *self._files[:1]):
            try:
                yield from (frame.content for frame in file.read())
            except (OSError, ValueError) as error:
                raise StorageError(file.path, f"What waits for the database cannot be read: {error}.", "") from None

    def append(self, content: bytes, *, durable: bool = False) -> None:
        """Write one more piece.

        Args:
            durable: whether it has to survive a power cut.

        Raises:
            SpoolFull, OSError: it is not written.
        """
        self._files[0].append(content, 1, durable=durable)

    def clear(self) -> None:
        """Remove what is delivered. What cannot be removed is delivered again, which changes nothing."""
        for file in self._files:
            with contextlib.suppress(OSError):
                file.clear()

    def close(self) -> None:
        """Let go of the files. Can be called twice."""
        for file in self._files:
            file.close()
        for lock in self._locks:
            lock.release()
