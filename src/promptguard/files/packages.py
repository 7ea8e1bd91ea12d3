"""Zip files as containers of documents: members by name, read within bounds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from promptguard.files.limits import MAX_UNPACKED
from promptguard.reasons import Code

_PIECE: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
"""Bit 0 of a member's flags (PKWARE APPNOTE, 4.4.4)."""


class Package:
    """The members of a zip file, in the order of its directory."""

    def __init__(self, data: bytes, out: Extraction) -> None:
        """Open a zip file; what is read of it counts for `out`.

        Raises:
            CannotRead: it is encrypted.
            zipfile.BadZipFile: it is damaged.
        """
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._out = out
        self._members = {info.filename: info for info in self._archive.infolist() if not info.is_dir()}
        if len(self._members) != sum(not info.is_dir() for info in self._archive.infolist()):
            raise CannotRead(Code.FILE_DUPLICATE_MEMBER)  # other programs may read the other one
        if any(info.flag_bits & _ENCRYPTED for info in self._members.values()):
            raise CannotRead(Code.FILE_ENCRYPTED)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def read(self, name: str) -> bytes:
        """A member's bytes.

        Raises:
            CannotRead: it unpacks to too much.
        """
        info = self._members[name]
        if info.file_size > MAX_UNPACKED:
            raise CannotRead(Code.FILE_TOO_MUCH_UNPACKED)
        pieces = []
        size = 0
        with self._archive.open(info) as member:
            while piece := member.read(_PIECE):  # the size that the directory gives may be a lie
                size += len(piece)
                self._out.unpacked(len(piece), size, info.compress_size)
                pieces.append(piece)
        return b"".join(pieces)
