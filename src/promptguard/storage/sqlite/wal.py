"""SQLite's write-ahead log and its index, as far as it takes to see whether others than SQLite wrote into them.

Formats: https://sqlite.org/fileformat2.html#the_write_ahead_log and https://sqlite.org/walformat.html.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final, NamedTuple

type Read = Callable[[int, int], bytes]
"""`length` bytes of the log from `offset` on; fewer at its end."""

_HEADER = 32
_FRAME_HEADER = 24
_MAGIC = 0x377F0682
"""Of a log whose checksums are over little-endian words; one more where they are over big-endian ones."""

_FRAMES_AT_ONCE = 512
INDEX_BYTES: Final = 136
"""Of the index, at the start of the `-shm` file."""


class Index(NamedTuple):
    """What all processes agree on about the log: which frames count, and how far a checkpoint has come."""

    changes: int
    """Grows with each transaction."""
    page: int
    """Bytes of a page."""
    frames: int
    """Frames of the log that count."""
    checksum: tuple[int, int]
    """Of the last of these frames, which is over all before."""
    salt: bytes
    """Another one each time the log begins anew."""
    copied: int
    """Frames that a checkpoint has copied into the database."""
    begun: int
    """Frames that a checkpoint has copied, or has begun to."""

    @property
    def checkpoint(self) -> tuple[bytes, int, int]:
        """Changes with each checkpoint."""
        return self.salt, self.copied, self.begun


def parse_index(content: bytes) -> Index | None:
    """The index in the first bytes of a `-shm` file, in this machine's byte order; None if it is not made yet.

    It begins with the same twice; where that differs, somebody is writing it just now.
    """
    if len(content) < INDEX_BYTES or not content[12] or content[:48] != content[48:96]:
        return None
    changes, page, frames, *checksum = struct.unpack_from("=8xI2xHI4xII", content)
    copied, begun = struct.unpack_from("=I28xI", content, 96)
    page_bytes = 65536 if page == 1 else page
    return Index(changes, page_bytes, frames, (checksum[0], checksum[1]), content[32:40], copied, begun)


def checkpoint_of(content: bytes) -> tuple[bytes, bytes, bytes]:
    """What `Index.checkpoint` is made of, quickly, and also where somebody is writing the index just now."""
    return content[32:40], content[96:100], content[128:132]


def ends_as_indexed(read: Read, index: Index) -> bool:
    """Whether the log's header and its last frame that counts are those that the index tells of."""
    if not index.frames:
        return True  # the log begins anew with the next frame
    header = read(_HEADER, 0)
    last = read(_FRAME_HEADER, _HEADER + (index.frames - 1) * (_FRAME_HEADER + index.page))
    return (
        len(header) == _HEADER
        and int.from_bytes(header[:4]) | 1 == _MAGIC | 1
        and header[16:24] == index.salt
        and len(last) == _FRAME_HEADER
        and last[8:16] == index.salt
        and struct.unpack(">II", last[16:24]) == index.checksum
    )


def is_whole(read: Read, index: Index) -> bool:
    """Whether every frame that counts is as SQLite wrote it, by its checksum."""
    if not index.frames:
        return True
    if not ends_as_indexed(read, index):
        return False
    header = read(_HEADER, 0)
    order, before = "<" if int.from_bytes(header[:4]) == _MAGIC else ">", header[24:32]
    length = _FRAME_HEADER + index.page
    for start in range(0, index.frames, _FRAMES_AT_ONCE):
        count = min(_FRAMES_AT_ONCE, index.frames - start)
        frames = read(count * length, _HEADER + start * length)
        if len(frames) != count * length or not _follow(frames, length, before, index.salt, order):
            return False
        before = frames[-length:][16:24]
    return True


def _follow(content: bytes, length: int, before: bytes, salt: bytes, order: str) -> bool:
    """Whether each frame's checksum continues the one before: all of them at once, word by word."""
    import numpy as np

    frames = np.frombuffer(content, np.uint8).reshape(-1, length)
    if (frames[:, 8:16] != np.frombuffer(salt, np.uint8)).any():
        return False
    stored = np.ascontiguousarray(frames[:, 16:24]).view(">u4").astype(np.uint32)
    seeds = np.vstack([np.frombuffer(before, ">u4").astype(np.uint32)[None, :], stored[:-1]])
    words = np.hstack([frames[:, :8], frames[:, _FRAME_HEADER:]])
    pairs = np.ascontiguousarray(np.ascontiguousarray(words).view(f"{order}u4").astype(np.uint32).T)
    first, second = seeds[:, 0].copy(), seeds[:, 1].copy()
    for word, following in zip(pairs[::2], pairs[1::2], strict=True):
        first += word + second
        second += following + first
    return bool((first == stored[:, 0]).all() and (second == stored[:, 1]).all())
