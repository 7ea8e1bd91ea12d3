"""Compound files ([MS-CFB]): Outlook mails, packaged objects in documents, macros, documents of the old binary forms.

Documents are told apart by the names of their streams.
"""

from __future__ import annotations

import struct
from typing import Final

from promptguard.files.compound_streams import CompoundStreams
from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.property_sets import STREAMS, texts_of
from promptguard.files.readers import binary_office, macros, outlook
from promptguard.files.strings import strings_of
from promptguard.files.trailing import read_rest
from promptguard.reasons import Code

_ENCRYPTED: Final = frozenset({"EncryptedPackage", "EncryptedSummary"})
_MAIL: Final = "__properties_version1.0"
_NATIVE: Final = "\x01Ole10Native"
_PAYLOADS: Final = frozenset({"Package", "CONTENTS", "Contents", "EmbeddedOdf"})
_TELLING: Final = frozenset({"contents", "f", "o", "Equation Native", "Ole10ItemName"})
"""Streams of forms and controls, whose captions and values stand between numbers ([MS-OFORMS]), and of formulas."""
_CUSTOM_XML: Final = "MsoDataStore/"
"""The folder of XML that is bound to a document ([MS-DOC] 2.1.9)."""
_BESIDE: Final = frozenset({"\x03LinkInfo", "\x01Ole", "PROJECT"})
"""What an object is linked to, and settings of macros."""


def read(source: Source, out: Extraction) -> None:
    """Read a compound file."""
    streams = CompoundStreams(source.data, out)
    names = {path.rpartition("/")[2] for path in streams}
    if names & _ENCRYPTED:
        raise CannotRead(Code.FILE_ENCRYPTED)
    read_rest(streams.rest, out)
    macros.read(streams, out)
    known = binary_office.read(streams, out)
    if _MAIL in streams:
        outlook.read(streams, out)
        return
    for path in streams:
        name = path.rpartition("/")[2]
        known |= (
            path.startswith(_CUSTOM_XML)
            or name == _NATIVE
            or name in _TELLING
            or (name in _PAYLOADS and bool(streams.read(path)))
        )
        with out.missing():
            if path.startswith(_CUSTOM_XML):
                out.within(Source(streams.read(path), media_type="text/xml"), "custom XML")
            else:
                _read_stream(name, streams.read(path), out)
    if not known and list(streams) and not any("VBA" in path for path in streams):
        raise CannotRead(Code.FILE_UNRECOGNISED)


def _read_stream(name: str, content: bytes, out: Extraction) -> None:
    if name == _NATIVE:
        _read_native(content, out)
    elif name in _PAYLOADS:
        out.within(Source(content), "object")
    elif name in STREAMS:
        out.add("\n".join(texts_of(content)), "properties")
    elif name in _TELLING or name in _BESIDE:
        out.add(strings_of(content), "object")


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
