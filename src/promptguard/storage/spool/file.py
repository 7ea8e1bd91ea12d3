"""A file of encrypted frames, written at its end and read from its start, that survives whatever ends its process.

Form: a head (`_MAGIC`, milliseconds since 1970, nonce, the file's own key encrypted), then frames (length of what
follows the nonce, records in it, nonce, ciphertext). All of it AES-256-GCM; each frame is bound to its number, so that
none can be moved, doubled or taken out of the middle. Numbers are big-endian.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from promptguard.keys import sync_folder
from promptguard.storage.positioned import open_descriptor, read_at, write_at

log = logging.getLogger(__name__)

_MAGIC: Final = b"PGSPOOL1"
_HEAD: Final = struct.Struct(">8sQ12s48s")
_FRAME: Final = struct.Struct(">II12s")


class SpoolFull(Exception):
    """The bounds of bytes or age are reached: nothing was written."""


class Frame(NamedTuple):
    """One piece that was written at once."""

    content: bytes
    end: int
    """Where the next frame begins, in bytes from the start of the file."""


class SpoolFile:
    """One file, mode 600, that is there only while something is in it. For one thread at a time, of one process."""

    def __init__(
        self,
        path: Path,
        key: bytes,
        *,
        max_bytes: int,
        max_age: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open what a process before us left, if it is there; a torn end is cut off, and kept beside it.

        Args:
            key: `Keys.spool`. Each file has a key of its own, which is overwritten when the file is removed.
            max_bytes: how long the file may get.
            max_age: seconds for which the first of it may wait.

        Raises:
            OSError: the file cannot be read or written.
            ValueError: its head was written with another key, or is damaged.
        """
        self.path = path
        self._key = AESGCM(key)
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._clock = clock
        self._descriptor: int | None = None
        self._cipher: AESGCM | None = None
        self._unsynced = False
        self._frames = 0
        self.size = 0
        """In bytes."""
        self.records = 0
        self.since = 0.0
        """When the first of it was written, in seconds since 1970; 0 while it is empty."""
        if path.exists():
            self._open()

    @property
    def fill(self) -> float:
        """The part of its bounds that is taken, of length or age, up to 1."""
        age = self._clock() - self.since if self.since else 0.0
        return min(1.0, max(self.size / self._max_bytes, age / self._max_age))

    @property
    def _too_old(self) -> bool:
        return bool(self.since) and self._clock() - self.since > self._max_age

    @property
    def start(self) -> int:
        """Where the first frame begins."""
        return _HEAD.size

    def append(self, content: bytes, records: int, *, durable: bool) -> None:
        """Write a frame at the end: all of it, or nothing.

        Args:
            records: how many things are in it, to be counted.
            durable: return only when it, and all before it, would survive a power cut.

        Raises:
            SpoolFull: there is no room, or what waits is too old.
            OSError: it cannot be written.
        """
        frame_bytes = _FRAME.size + len(content) + 16
        if self._too_old or max(self.size, _HEAD.size) + frame_bytes > self._max_bytes:
            raise SpoolFull
        if self._descriptor is None:
            self._create()
        assert self._descriptor is not None and self._cipher is not None
        nonce = secrets.token_bytes(12)
        frame = _FRAME.pack(len(content) + 16, records, nonce) + self._cipher.encrypt(
            nonce, content, _bound(self._frames, records)
        )
        try:
            write_at(self._descriptor, frame, self.size)
            if durable:
                os.fsync(self._descriptor)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self.size)
            raise
        self._unsynced = not durable
        self._frames += 1
        self.size += len(frame)
        self.records += records

    def sync(self) -> None:
        """Make all of it survive a power cut.

        Raises:
            OSError: it cannot be made so.
        """
        if self._unsynced and self._descriptor is not None:
            os.fsync(self._descriptor)
            self._unsynced = False

    def read(self, offset: int = 0, number: int = 0) -> Iterator[Frame]:
        """The frames from an offset on, of which the first is the one of this number.

        Raises:
            OSError: the file cannot be read.
            ValueError: a frame was changed since it was written.
        """
        offset = offset or self.start
        while offset < self.size:
            frame = self._frame(offset, number)
            if frame is None:
                raise ValueError("the file was changed")
            yield frame
            offset, number = frame.end, number + 1

    def clear(self) -> None:
        """Remove the file; its key is overwritten first.

        Raises:
            OSError: it cannot be removed.
        """
        if self._descriptor is not None:
            write_at(self._descriptor, bytes(_HEAD.size), 0)
            os.fsync(self._descriptor)
            self.close()  # before: Windows removes no file that is open
            self.path.unlink(missing_ok=True)
            sync_folder(self.path.parent)
        self.size = self.records = self._frames = 0
        self.since = 0.0

    def close(self) -> None:
        """Let go of the file. Can be called twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self._unsynced = False

    def _create(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.new")
        draft.unlink(missing_ok=True)
        own, nonce = secrets.token_bytes(32), secrets.token_bytes(12)
        since = int(self._clock() * 1000)
        wrapped = self._key.encrypt(nonce, own, _MAGIC + since.to_bytes(8))
        descriptor = open_descriptor(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        try:
            write_at(descriptor, _HEAD.pack(_MAGIC, since, nonce, wrapped), 0)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)  # Windows moves no file that is open
        draft.replace(self.path)
        sync_folder(self.path.parent)
        descriptor = open_descriptor(self.path, os.O_RDWR)
        self._descriptor, self._cipher = descriptor, AESGCM(own)
        self.size, self.since = _HEAD.size, since / 1000

    def _open(self) -> None:
        descriptor = open_descriptor(self.path, os.O_RDWR)
        head = read_at(descriptor, _HEAD.size, 0)
        if not any(head):  # the process ended while it removed the file
            os.close(descriptor)
            self.path.unlink()
            return
        try:
            magic, since, nonce, wrapped = _HEAD.unpack(head)
            own = self._key.decrypt(nonce, wrapped, _MAGIC + since.to_bytes(8))
            if magic != _MAGIC:
                raise ValueError("not a spool")
        except (struct.error, InvalidTag, ValueError):
            os.close(descriptor)
            raise ValueError("the file was written with another key, or is damaged") from None
        self._descriptor, self._cipher = descriptor, AESGCM(own)
        self.since = since / 1000
        self._find_end(os.fstat(descriptor).st_size)

    def _find_end(self, length: int) -> None:
        self.size = length
        offset = self.start
        while offset < length and (frame := self._frame(offset, self._frames)) is not None:
            self.records += _count(read_at(self._file, _FRAME.size, offset))
            self._frames += 1
            offset = frame.end
        if offset < length:
            self._tear_off(offset, length)
        self.size = offset

    def _tear_off(self, offset: int, length: int) -> None:
        """Keep what cannot be read apart: what follows is written behind what can be."""
        torn = self.path.with_name(f"{self.path.name}.torn-{int(self._clock())}")
        log.error("%s: the last %d bytes are torn or damaged; they are kept in %s.", self.path, length - offset, torn)
        torn.write_bytes(read_at(self._file, length - offset, offset))
        torn.chmod(0o600)
        os.ftruncate(self._file, offset)
        os.fsync(self._file)

    def _frame(self, offset: int, number: int) -> Frame | None:
        """The frame at an offset; None if there is no whole one."""
        start = read_at(self._file, _FRAME.size, offset)
        if len(start) < _FRAME.size:
            return None
        length, records, nonce = _FRAME.unpack(start)
        end = offset + _FRAME.size + length
        if end > self.size:
            return None
        assert self._cipher is not None
        try:
            content = self._cipher.decrypt(
                nonce, read_at(self._file, length, offset + _FRAME.size), _bound(number, records)
            )
        except (InvalidTag, ValueError):
            return None
        return Frame(content, end)

    @property
    def _file(self) -> int:
        assert self._descriptor is not None
        return self._descriptor


def _bound(number: int, records: int) -> bytes:
    return number.to_bytes(8) + records.to_bytes(4)


def _count(start: bytes) -> int:
    return int(_FRAME.unpack(start)[1])
