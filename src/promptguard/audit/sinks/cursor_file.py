"""How far a sink has come, kept over restarts."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import orjson

from promptguard.audit.sinks.interface import Cursor

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class CursorFile:
    """One sink's cursor in a file of its own. Of all processes on a data folder, one holds it and serves the sink."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    def hold(self) -> bool:
        """Try to become the one that serves the sink; for as long as this process lives, or until `release`.

        Raises:
            OSError: the folder is not writable.
        """
        if self._lock is not None:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(lock)
        except OSError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        """Let another process serve the sink."""
        if self._lock is not None:
            os.close(self._lock)
        self._lock = None

    def read(self) -> Cursor:
        """The cursor; the start of the record where there is none, or none that can be read."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            members = orjson.loads(self.path.read_bytes())
            return Cursor(int(members["position"]), str(members["hash"]))
        return Cursor()

    def write(self, cursor: Cursor) -> None:
        """Replace the cursor, whole and flushed to the disk.

        Raises:
            OSError: it cannot be written.
        """
        draft = self.path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(orjson.dumps(cursor._asdict()))
            file.flush()
            os.fsync(descriptor)
        draft.replace(self.path)
