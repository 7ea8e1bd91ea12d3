"""The streams of compound files ([MS-CFB])."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from copy import copy
from typing import Final, Self

import olefile

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from promptguard.reasons import Code

_CAPITALS: Final = {"WORKBOOK": "Workbook", "BOOK": "Book", "WORDDOCUMENT": "WordDocument"}
"""Names of streams as some programs write them; no two differ in that alone."""

_SECTOR: Final = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SMALLEST: Final = 4_096
"""Bytes from which a stream has sectors of its own."""


class CompoundStreams:
    """The streams of a compound file, or of a folder in it, by their paths, joined by `/`."""

    def __init__(self, data: bytes, out: Extraction) -> None:
        self._file = olefile.OleFileIO(io.BytesIO(data))
        self._length = len(data)
        used = max((number for number, next_one in enumerate(self._file.fat) if next_one != _FREE), default=0)
        self.rest = data[(used + 2) * self._file.sector_size :]
        """What stands after the last sector that is in use."""
        if self._file.root.size > len(data):  # of all small streams together
            raise CannotRead(Code.FILE_DAMAGED)
        self._out = out
        self._paths = {"/".join([*path[:-1], _CAPITALS.get(path[-1], path[-1])]): path for path in self._file.listdir()}

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def folders_of(self, *names: str) -> list[str]:
        """The folders with a stream of one of these names: `""` for this one, others with a `/` at the end."""
        found = {path[: -len(name)]: None for name in names for path in self if f"/{path}".endswith(f"/{name}")}
        return sorted(found)

    def under(self, folder: str) -> Self:
        """The streams of a folder within this one, by what their paths are there."""
        within = copy(self)
        within._paths = {path[len(folder) :]: own for path, own in self._paths.items() if path.startswith(folder)}
        return within

    def read(self, path: str) -> bytes:
        """A stream's bytes; empty where there is none of this path.

        Raises:
            CannotRead: it is said to be longer than the file, whose sectors would have to be read in circles.
        """
        if path not in self._paths:
            return b""
        if self._file.get_size(self._paths[path]) > self._length:
            raise CannotRead(Code.FILE_DAMAGED)
        with self._file.openstream(self._paths[path]) as stream:
            content = bytes(stream.read())
        self._out.unpacked(len(content))
        return content


def compound_file(name: str, content: bytes) -> bytes:
    """A compound file with one stream ([MS-CFB], version 3): for libraries that take a document from nothing else."""
    stream = content.ljust(_SMALLEST, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    tables = next(count for count in range(1, 110) if (sectors + 1 + count) * 4 <= count * _SECTOR)
    chain = [*range(1, sectors), _END, _END, *[_FAT] * tables]  # the stream, the directory, then the table itself
    chain += [_FREE] * (tables * _SECTOR // 4 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<9I", 0, tables, sectors, 0, _SMALLEST, _END, 0, _END, 0)
    places = [*range(sectors + 1, sectors + 1 + tables)]
    header += struct.pack("<109I", *places, *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry(name, 2, _FREE, 0, len(stream)) + bytes(256)
    return header + stream.ljust(sectors * _SECTOR, b"\0") + directory + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBB3I", len(encoded), kind, 1, _FREE, _FREE, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)
