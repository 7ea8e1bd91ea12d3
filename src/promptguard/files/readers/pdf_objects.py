"""What stands in a PDF beside its pages (ISO 32000-1): form fields, lists, scripts, metadata, alternative texts, files.

All objects that the catalogue leads to are walked, but for fonts and the content of pages: text may stand in any
string. pypdf knows the syntax of objects and its encryption.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    StreamObject,
    TextStringObject,
)

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source, words
from promptguard.files.labels import local
from promptguard.files.markup import parse
from promptguard.reasons import Code

_PASSED_OVER: Final = words(
    """/Parent /Contents /Resources /DR /Font /Thumb /AP /ParentTree /ID /Encrypt /ByteRange /Cert
    /Pg /Obj /Perms /DSS /Legal /OutputIntents /XFA /PieceInfo /Prev /Last /IDTree /RoleMap /ClassMap /A85"""
)
"""Members that lead to fonts, to pages, back to where they are from, or hold signatures; PDFium reads XFA."""

_LOOK: Final = words(
    "/DA /M /NM /Lang /CreationDate /ModDate /Producer /Creator /Author /S /DS /CheckSum /LastModified"
)
"""Strings of the format alone, and those that programs fill in by themselves: who wrote it, when, with what."""

_NOTES: Final = words("/Text /FreeText /Highlight /Underline /Popup /Stamp /Ink /Square /Circle /Line /StrikeOut")
"""Kinds of annotations of which `T` is the name of who made them."""

_SCRIPTS: Final = words("/JS /V /DV /RC /Contents")
_XMP_FRAME: Final = words("li Alt Seq Bag Description RDF xmpmeta about lang xmptk parseType resource")
_XMP_AUTOMATIC: Final = words(
    """creator CreatorTool Producer CreateDate ModifyDate MetadataDate DocumentID InstanceID OriginalDocumentID
    VersionID History DerivedFrom Ingredients Manifest Thumbnails schemas RenditionClass RenditionOf format part
    conformance date Trapped PDFVersion SwatchGroups Fonts PlateNames MaxPageSize"""
)

MAX_OBJECTS: Final = 300_000
_MAX_DEPTH: Final = 300


class Found(NamedTuple):
    """A text, with what it is called."""

    label: str
    text: str


def read(data: bytes, out: Extraction, known: frozenset[str]) -> None:
    """Add the texts beside the pages, but those that are `known` from elsewhere, and read the files there.

    Raises:
        CannotRead: there are more objects than are read.
    """
    logging.getLogger("pypdf").disabled = True
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        reader.decrypt("")
    walk = _Walk(out)
    lines = [
        f"{found.label}: {found.text}"
        for found in walk.over(reader.trailer)
        if found.text not in known and not found.text.isspace()
    ]
    out.add("\n".join(line for line in dict.fromkeys(lines) if line not in known), "fields, scripts and metadata")


class _Walk:
    def __init__(self, out: Extraction) -> None:
        self._out = out
        self._seen: set[int] = set()
        self._count = 0

    def over(self, trailer: DictionaryObject) -> Iterator[Found]:
        """All texts that the trailer leads to."""
        stack = [(name, "", trailer.raw_get(name), 0) for name in ("/Info", "/Root") if name in trailer]
        while stack:
            key, label, value, depth = stack.pop()
            if isinstance(value, IndirectObject):
                if value.idnum in self._seen:
                    continue
                self._seen.add(value.idnum)
                value = value.get_object()
            self._count += 1
            if self._count > MAX_OBJECTS or depth > _MAX_DEPTH:
                raise CannotRead(Code.FILE_TOO_DEEP)
            if isinstance(value, TextStringObject | ByteStringObject):
                yield from _string(key, label, value)
            elif isinstance(value, ArrayObject):
                stack += [(key, label, each, depth + 1) for each in reversed(value)]
            elif isinstance(value, DictionaryObject):
                yield from self._stream(key, value)
                label = _name_of(value) or label
                stack += [
                    (each, label, value.raw_get(each), depth + 1) for each in reversed(value) if _leads_on(each, value)
                ]

    def _stream(self, key: str, value: DictionaryObject) -> Iterator[Found]:
        """What a stream holds, if that is text or a file."""
        if not isinstance(value, StreamObject):
            return
        if key in ("/F", "/UF", "/EF") or value.get("/Type") == "/EmbeddedFile":
            content = value.get_data()
            self._out.unpacked(len(content))
            if self._out.first_time(content):
                self._out.within(Source(content), "attachment")
        elif value.get("/Type") == "/Metadata" or key == "/Metadata":
            yield from _metadata(value.get_data())
        elif key in _SCRIPTS:
            yield Found(key[1:], _decoded(value.get_data()))


def _leads_on(key: str, value: DictionaryObject) -> bool:
    """Whether a member is walked. The content of a page is a stream; that of an annotation is its text."""
    if key == "/Contents":
        return "/Subtype" in value and value.get("/Type") != "/Sig" and "/ByteRange" not in value
    if key == "/T":
        return value.get("/Subtype") not in _NOTES
    if key == "/P":  # the page of an annotation, and the prefix of page numbers
        return isinstance(value.raw_get(key), TextStringObject)
    return key not in _PASSED_OVER and key not in _LOOK


def _name_of(value: DictionaryObject) -> str:
    """What a form field is called, for its values."""
    if value.get("/Subtype") in _NOTES:
        return ""
    name = value.get("/TU") or value.get("/T")
    return str(name) if isinstance(name, TextStringObject) else ""


def _string(key: str, label: str, value: TextStringObject | ByteStringObject) -> Iterator[Found]:
    text = str(value) if isinstance(value, TextStringObject) else _decoded(bytes(value))
    if text.strip() and not (len(text) > 8 and sum(c.isprintable() for c in text) * 2 < len(text)):
        yield Found(label if label and key in ("/V", "/DV", "/Opt") else key.lstrip("/"), text)


def _metadata(packet: bytes) -> Iterator[Found]:
    """The texts of XMP metadata (ISO 16684-1) that people fill in."""
    found: list[Found] = []
    within: list[str] = []
    pieces: list[str] = []

    def keep(text: str) -> None:
        if text.strip() and _XMP_AUTOMATIC.isdisjoint(within):
            label = next((name for name in reversed(within) if name not in _XMP_FRAME), "metadata")
            found.append(Found(label, text.strip()))

    def start(name: str, attributes: Mapping[str, str]) -> None:
        pieces.clear()
        within.append(name)
        for key, value in attributes.items():
            if not key.startswith("xmlns") and (plain := local(key)) not in _XMP_FRAME:
                within.append(plain)
                keep(value)
                within.pop()

    def end(name: str) -> None:
        keep("".join(pieces))
        pieces.clear()
        within.pop()

    parse(packet.strip(b"\0 \r\n"), start, end, pieces.append)
    yield from found


def _decoded(content: bytes) -> str:
    """A text string: UTF-16 with a mark, UTF-8, or one byte a character (7.9.2.2)."""
    if content.startswith((b"\xfe\xff", b"\xff\xfe")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")
