"""A lock that one holder in all processes of a machine has, and that ends with its process."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """A file that is locked while this is open. The file stays: removing it would let two hold the lock."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, path: Path) -> FileLock | None:
        """The lock on a file, which is made if it is not there; None if somebody has it.

        Raises:
            OSError: the file cannot be opened.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with contextlib.ExitStack() as undo:
            undo.callback(os.close, descriptor)
            try:
                _lock(descriptor)
            except (BlockingIOError, PermissionError):  # what POSIX and Windows say to the second one
                return None
            undo.pop_all()
        return cls(descriptor)

    def release(self) -> None:
        """Let go of the lock. Can be called twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
