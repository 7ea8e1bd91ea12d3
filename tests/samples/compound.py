"""Compound files ([MS-CFB]), version 3: streams in storages."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR, _SMALL_SECTOR = 512, 64
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_LARGE = 4_096
"""Streams from this length on stand in sectors of their own, shorter ones in small sectors."""


class _Sectors:
    """Chains of sectors of one size."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.data = b""
        self.table: list[int] = []

    def add(self, content: bytes) -> int:
        """Append a chain; the number of its first sector."""
        if not content:
            return _END
        start = len(self.table)
        count = -(-len(content) // self.size)
        self.table += [*range(start + 1, start + count), _END]
        self.data += content.ljust(count * self.size, b"\0")
        return start


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of streams by their paths, joined by `/`."""
    paths: dict[str, bytes | None] = {}
    for path, content in streams.items():
        folders = path.split("/")[:-1]
        for end in range(1, len(folders) + 1):
            paths.setdefault("/".join(folders[:end]), None)
        paths[path] = content
    large, small = _Sectors(_SECTOR), _Sectors(_SMALL_SECTOR)
    starts = {
        path: (large if len(content) >= _LARGE else small).add(content)
        for path, content in paths.items()
        if content is not None
    }
    small_start = large.add(small.data)
    small_table = large.add(struct.pack(f"<{len(small.table)}I", *small.table).ljust(_SECTOR, b"\xff"))
    entries = _entry("Root Entry", 5, _NONE, _child(paths, ""), small_start, len(small.data))
    for path, content in paths.items():
        siblings = [other for other in paths if other.rpartition("/")[0] == path.rpartition("/")[0]]
        following = siblings[siblings.index(path) + 1 :]
        after = _number(paths, following[0]) if following else _NONE
        name = path.rpartition("/")[2]
        if content is None:
            entries += _entry(name, 1, after, _child(paths, path), _END, 0)
        else:
            entries += _entry(name, 2, after, _NONE, starts[path], len(content))
    directory = large.add(entries)
    tables = 1
    while (len(large.table) + tables) * 4 > tables * _SECTOR:
        tables += 1
    first = len(large.table)
    fat = large.table + [_FAT] * tables
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, directory, 0, _LARGE, small_table, 1, _END, 0)
    header += struct.pack("<109I", *range(first, first + tables), *[_FREE] * (109 - tables))
    return header + large.data + struct.pack(f"<{len(fat)}I", *fat).ljust(tables * _SECTOR, b"\xff")


def _entry(name: str, kind: int, after: int, child: int, start: int, size: int) -> bytes:
    """A directory entry (2.6.1)."""
    encoded = name.encode("utf-16-le") + b"\0\0"
    head = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, _NONE, after, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _number(paths: Mapping[str, bytes | None], path: str) -> int:
    return list(paths).index(path) + 1


def _child(paths: Mapping[str, bytes | None], folder: str) -> int:
    return next((_number(paths, path) for path in paths if path.rpartition("/")[0] == folder), _NONE)
