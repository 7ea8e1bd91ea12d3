"""Compound files ([MS-CFB]): Outlook mails, packaged objects in documents, macros, documents of the old binary forms.

Documents are told apart by the names of their streams.
"""

from __future__ import annotations

import struct
from typing import Final

from promptguard.files.compound_streams import CompoundStreams
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


def read(source: Source, out: Extraction) -> None:
    """Read a compound file."""
    streams = CompoundStreams(source.data, out)
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
