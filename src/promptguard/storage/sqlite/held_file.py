"""Files of SQLite that we read beside it, and never close while it has them open.

A process that closes any descriptor of a file loses all of its POSIX locks on it, those that SQLite holds included
(https://sqlite.org/howtocorrupt.html, 2.2): another process could take the database for one that nobody uses.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from promptguard.storage.positioned import open_descriptor, read_at

_lock = threading.Lock()
_held: dict[tuple[int, int], list[int]] = {}
"""By device and inode: a descriptor, and how many hold it."""


class HeldFile:
    """One file, open for reading until `close`. All that hold the same file share a descriptor."""

    def __init__(self, path: Path | str) -> None:
        """Open the file.

        Raises:
            OSError: it cannot be opened.
        """
        with _lock:
            status = os.stat(path)  # noqa: PTH116 - as everywhere beside this file
            self._key: tuple[int, int] | None = (status.st_dev, status.st_ino)
            if self._key not in _held:
                _held[self._key] = [open_descriptor(path, os.O_RDONLY), 0]
            entry = _held[self._key]
            entry[1] += 1
            self._descriptor = entry[0]

    def read(self, length: int, offset: int) -> bytes:
        """Bytes from a place in the file; fewer at its end.

        Raises:
            OSError: it cannot be read.
        """
        return read_at(self._descriptor, length, offset)

    @property
    def size(self) -> int:
        """In bytes, now."""
        return os.fstat(self._descriptor).st_size

    def close(self) -> None:
        """Let go of the file. Can be called twice."""
        with _lock:
            if self._key is None:
                return
            entry = _held[self._key]
            entry[1] -= 1
            if not entry[1]:
                os.close(entry[0])
                del _held[self._key]
            self._key = None
