"""The streams of compound files ([MS-CFB])."""

from __future__ import annotations

import io
from collections.abc import Iterator

import olefile

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from promptguard.reasons import Code


class CompoundStreams:
    """The streams of a compound file by their paths, joined by `/`."""

    def __init__(self, data: bytes, out: Extraction) -> None:
        self._file = olefile.OleFileIO(io.BytesIO(data))
        self._length = len(data)
        if self._file.root.size > len(data):  # of all small streams together
            raise CannotRead(Code.FILE_DAMAGED)
        self._out = out
        self._paths = {"/".join(path): path for path in self._file.listdir()}

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

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
