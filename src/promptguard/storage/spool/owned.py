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

_SUFFIX: Final = ".vault"
SHARE: Final = 0.25
"""Of the bound, for what is replaced or refused: the rest is for records."""


class OwnedFiles:
    """Held until they are closed: no other process delivers them. For one thread at a time."""

    def __init__(self, folder: SpoolFolder) -> None:
        """Take the first file that nobody has, and all that somebody left.

        Raises:
            StorageError: a file cannot be read, or locked.
        """
        self._files: list[SpoolFile] = []
        self._locks: list[FileLock] = []
        try:
            self._take_all(folder)
        except RecordingFailed as error:
            self.close()
            raise StorageError(folder.path, str(error), "") from None

    def _take_all(self, folder: SpoolFolder) -> None:
        left = {path.name.removesuffix(_SUFFIX) for path in folder.path.glob(f"*{_SUFFIX}")}
        for name in map(str, count(1)):
            if (not self._files or name in left) and (lock := folder.lock(f"vault-{name}")):
                self._locks.append(lock)
                self._files.append(folder.file(folder.path / f"{name}{_SUFFIX}", SHARE))
            left.discard(name)
            if self._files and not left:
                return

    @property
    def path(self) -> Path:
        """Of the file that is written."""
        return self._files[0].path

    @property
    def size(self) -> int:
        """In bytes, of all."""
        return sum(file.size for file in self._files)

    def contents(self) -> Iterator[bytes]:
        """All that waits, in the order in which it was written.

        Raises:
            StorageError: a file was changed.
        """
        for file in self._files:
            try:
                yield from (frame.content for frame in file.read())
            except (OSError, ValueError) as error:
                raise StorageError(file.path, f"What waits for the database cannot be read: {error}.", "") from None

    def append(self, content: bytes) -> None:
        """Write one more piece, which need not survive a power cut.

        Raises:
            SpoolFull, OSError: it is not written.
        """
        self._files[0].append(content, 1, durable=False)

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
