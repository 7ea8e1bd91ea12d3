"""Compound files ([MS-CFB]): Outlook mails, packaged objects in documents, macros, documents of the old binary forms.

Documents are told apart by the names of their streams.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Final

import olefile

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.readers import binary_office, macros, outlook
from promptguard.reasons import Code

_ENCRYPTED: Final = frozenset({"EncryptedPackage", "EncryptedSummary"})
_DOCUMENTS: Final = frozenset({"WordDocument", "PowerPoint Document", "Workbook", "Book"})
_NATIVE: Final = "\x01Ole10Native"
_PAYLOADS: Final = frozenset({"Package", "CONTENTS", "Contents", "EmbeddedOdf", "Ole10ItemName"})
_DRAWN: Final = frozenset({"Equation Native"})
"""Streams of objects whose text is drawn in the document, too."""


class Compound:
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


def read(source: Source, out: Extraction) -> None:
    """Read a compound file."""
    streams = Compound(source.data, out)
    names = {path.rpartition("/")[2] for path in streams}
    if names & _ENCRYPTED:
        raise CannotRead(Code.FILE_ENCRYPTED)
    macros.read(streams, out)
    known = binary_office.read(streams, out)
    if "__properties_version1.0" in streams:
        outlook.read(streams, out)
        return
    for path in streams:
        name = path.rpartition("/")[2]
        if name == _NATIVE:
            _read_native(streams.read(path), out)
            known = True
        elif name in _DOCUMENTS and "/" in path:
            raise CannotRead(Code.FILE_EMBEDDED_OBJECT)
        elif name in _PAYLOADS and (content := streams.read(path)):
            out.within(Source(content), "object")
            known = True
    if not known and not names & _DRAWN and not any("VBA" in path for path in streams):
        raise CannotRead(Code.FILE_UNRECOGNISED)


def _read_native(stream: bytes, out: Extraction) -> None:
    """Read a file that was put into a document as an icon ([MS-OLEDS] 2.3.6, and Windows' packager within it)."""
    data = stream[4:]
    if data[:2] != b"\x02\0":  # not the packager: the program's own bytes
        out.within(Source(data), "object")
        return
    label, _, rest = data[2:].partition(b"\0")
    name, _, rest = rest.partition(b"\0")
    length = struct.unpack_from("<I", rest, 4)[0]  # two numbers, then the length of the path it was in for a moment
    start = 8 + length
    size = struct.unpack_from("<I", rest, start)[0]
    called = label.decode("cp1252", "replace")
    out.add("\n".join((called, name.decode("cp1252", "replace"))), "object")
    out.within(Source(rest[start + 4 : start + 4 + size], called), called)
