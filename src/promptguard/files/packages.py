"""Zip files as containers of documents: members by name, read within bounds."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from promptguard.files.limits import MAX_UNPACKED
from promptguard.files.trailing import read_rest
from promptguard.reasons import Code

_PIECE: Final = 1024 * 1024
_LOCAL, _SIZES, _END = b"PK\x03\x04", b"PK\x07\x08", b"PK\x05\x06"
_LENGTHS, _HEADER, _DESCRIPTOR, _END_LENGTH = 26, 30, 24, 22
"""Place of the lengths of name and extra field in a member's header, lengths of the header, of what may follow a file,
and of the end of the directory without its comment (PKWARE APPNOTE, 4.3.7, 4.3.9, 4.3.16)."""
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
        self._read_beside(data)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def _read_beside(self, data: bytes) -> None:
        """Read what the programs that open an archive do not show: comments, and bytes that belong to no member."""
        infos = self._archive.infolist()
        comments = [self._archive.comment, *(info.comment for info in infos)]
        self._out.add("\n".join(comment.decode("utf-8", "replace") for comment in comments if comment), "comments")
        end = data.rfind(_END, 0, len(data) - len(self._archive.comment)) + _END_LENGTH + len(self._archive.comment)
        read_rest(data[end:], self._out)
        position = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            self._gap(data[position : info.header_offset])
            lengths = struct.unpack_from("<HH", data, info.header_offset + _LENGTHS)
            position = info.header_offset + _HEADER + sum(lengths) + info.compress_size
            position = max(position, 0)
        self._gap(data[position : self._archive.start_dir])

    def _gap(self, rest: bytes) -> None:
        """Read bytes between members, if they are more than the sizes that may follow one."""
        if len(rest) > _DESCRIPTOR or not rest.startswith((_SIZES, b"\0")):
            if rest.find(_LOCAL) > 0:  # a member that the directory does not name
                self._out.miss(Code.FILE_DAMAGED)
            read_rest(rest, self._out, "between files")

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
