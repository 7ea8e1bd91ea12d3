"""Files that are read and written at places, by descriptor, whatever the system."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import threading

    _FLAGS = os.O_BINARY | os.O_NOINHERIT
    _place = threading.Lock()
    """Windows' descriptors have one place each: nobody else is to move it between."""

    def read_at(descriptor: int, length: int, offset: int) -> bytes:
        """Bytes from a place in a file; fewer at its end.

        Raises:
            OSError: they cannot be read.
        """
        with _place:
            os.lseek(descriptor, offset, os.SEEK_SET)
            return os.read(descriptor, length)

    def _write_some(descriptor: int, content: memoryview, offset: int) -> int:
        with _place:
            os.lseek(descriptor, offset, os.SEEK_SET)
            return os.write(descriptor, content)
else:
    _FLAGS = os.O_CLOEXEC

    def read_at(descriptor: int, length: int, offset: int) -> bytes:
        """Bytes from a place in a file; fewer at its end.

        Raises:
            OSError: they cannot be read.
        """
        return os.pread(descriptor, length, offset)

    def _write_some(descriptor: int, content: memoryview, offset: int) -> int:
        return os.pwrite(descriptor, content, offset)


def open_descriptor(path: Path | str, flags: int, mode: int = 0o600) -> int:
    """A descriptor of a file of bytes, which no process that is started has.

    Args:
        flags: as `os.open` takes them.
        mode: of a file that is made.

    Raises:
        OSError: it cannot be opened.
    """
    return os.open(path, flags | _FLAGS, mode)


def write_at(descriptor: int, content: bytes, offset: int) -> None:
    """Write all of some bytes at a place in a file.

    Raises:
        OSError: not all of them could be written.
    """
    view = memoryview(content)
    while view:
        written = _write_some(descriptor, view, offset)
        view, offset = view[written:], offset + written
