"""Mails as Outlook packs them for itself, `winmail.dat` ([MS-OXTNEF]): texts, bodies, attachments, mails within."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.mapi_properties import Property, narrow, properties_of, rows_of
from promptguard.files.readers import html, rtf
from promptguard.files.readers.outlook import AUTOMATIC, decompress, encoding_of
from promptguard.files.strings import strings_of
from promptguard.files.trailing import read_rest
from promptguard.reasons import Code

_BEGIN: Final = 6
"""Bytes of the signature and a key."""
_HEADER: Final = struct.Struct("<BII")
"""Level, kind and length of an attribute; the content and a checksum follow."""
_CHECKSUM: Final = 2
_OF_MAIL, _OF_ATTACHMENT = 1, 2

_CODE_PAGE, _PROPERTIES, _RECIPIENTS = 0x00069007, 0x00069003, 0x00069004
_BODY, _FROM = 0x0002800C, 0x00008000
_TEXTS: Final = frozenset({0x00018004, _BODY, 0x00018009, 0x0001800A, 0x0001800B, 0x00060006, 0x00060008, 0x00060009})
"""Subject, body, identifiers, who owns it, for whom it was sent or delegated."""
_RENDERED, _TITLE, _DATA, _METAFILE = 0x00069002, 0x00018010, 0x0006800F, 0x00068011
_TRANSPORT_NAME, _ATTACHMENT_PROPERTIES = 0x00069001, 0x00069005
_AUTOMATIC: Final = frozenset(
    {0x00089006, 0x00078008, 0x0004800D, 0x00038005, 0x00038006, 0x00038020, 0x00038012, 0x00038013, 0x00040009,
     0x00030006, 0x00030007, 0x00050008, 0x00020000, 0x00068007, 0x00069008}
)  # fmt: skip
"""Version, class, priority, dates, status, and others that are numbers."""

_TEXT_BODY, _HTML_BODY, _RTF_BODY = 0x1000, 0x1013, 0x1009
_CONTENT, _NAMES = 0x3701, (0x3707, 0x3704, 0x3001)


class _Attribute(NamedTuple):
    level: int
    kind: int
    content: bytes
    end: int
    """Where the next one begins."""


@dataclass(slots=True)
class _Attachment:
    """What is gathered of one file until the next begins."""

    names: list[str] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)
    """Its bytes; they may stand in two places."""


def read(source: Source, out: Extraction) -> None:
    """Read a mail.

    Raises:
        CannotRead: it is damaged.
    """
    mail = _Mail(out)
    position = _BEGIN
    try:
        for each in _attributes(source.data):
            mail.attribute(each)
            position = each.end
    finally:
        mail.finish()
    read_rest(source.data[position:], out)


def _attributes(data: bytes) -> Iterator[_Attribute]:
    position = _BEGIN
    while position + _HEADER.size <= len(data):
        level, kind, length = _HEADER.unpack_from(data, position)
        start, end = position + _HEADER.size, position + _HEADER.size + length
        if end > len(data) or level not in (_OF_MAIL, _OF_ATTACHMENT):
            if position == _BEGIN or level in (_OF_MAIL, _OF_ATTACHMENT):
                raise CannotRead(Code.FILE_DAMAGED)
            return  # what follows is none
        position = end + _CHECKSUM
        yield _Attribute(level, kind, data[start:end], position)


class _Mail:
    def __init__(self, out: Extraction) -> None:
        self._out = out
        self._encoding = "cp1252"
        self._texts: dict[str, None] = {}
        self._attachment: _Attachment | None = None

    def attribute(self, each: _Attribute) -> None:
        """One attribute, in the order of the file; what cannot be read of it is missed."""
        with self._out.missing():
            if each.level == _OF_ATTACHMENT:
                self._of_attachment(each.kind, each.content)
            else:
                self._of_mail(each.kind, each.content)

    def finish(self) -> None:
        """Add what was gathered, after the last attribute."""
        self._end_attachment()
        self._out.add("\n".join(filter(None, self._texts)), "mail")

    def _add(self, properties: Iterator[Property]) -> None:
        for each in properties:
            if isinstance(each.value, str) and f"{each.tag:04X}" not in AUTOMATIC:
                self._texts[f"{each.name}: {each.value}" if each.name else each.value] = None
            elif each.name and isinstance(each.value, bytes):
                self._texts[strings_of(each.value)] = None

    def _of_mail(self, kind: int, content: bytes) -> None:
        if kind == _CODE_PAGE:
            self._encoding = encoding_of(int.from_bytes(content[:4], "little"))
        elif kind == _PROPERTIES:
            self._read_properties(content)
        elif kind == _RECIPIENTS:
            self._add(rows_of(content, self._encoding))
        elif kind in _TEXTS:
            self._texts[narrow(content, self._encoding)] = None
        elif kind == _FROM:
            self._texts |= dict.fromkeys(narrow(each, self._encoding) for each in content[8:].split(b"\0"))
        elif kind not in _AUTOMATIC:
            self._texts[strings_of(content)] = None

    def _read_properties(self, content: bytes) -> None:
        properties = list(properties_of(content, self._encoding))
        self._add(each for each in properties if each.tag not in (_HTML_BODY, _RTF_BODY))
        for each in properties:
            if each.tag == _HTML_BODY:
                page = each.value.encode() if isinstance(each.value, str) else each.value
                html.read(Source(page, charset="utf-8" if isinstance(each.value, str) else self._encoding), self._out)
            elif each.tag == _RTF_BODY and isinstance(each.value, bytes):
                unpacked = decompress(each.value)
                self._out.unpacked(len(unpacked))
                rtf.read(Source(unpacked), self._out)

    def _of_attachment(self, kind: int, content: bytes) -> None:
        if kind == _RENDERED or self._attachment is None:
            self._end_attachment()
            self._attachment = _Attachment()
        one = self._attachment
        if kind in (_TITLE, _TRANSPORT_NAME):
            one.names.append(narrow(content, self._encoding))
        elif kind == _DATA:
            one.data.append(content)
        elif kind == _METAFILE:  # the icon, with the name below it
            self._out.picture(content, "picture")
        elif kind == _ATTACHMENT_PROPERTIES:
            self._properties_of_attachment(one, content)
        elif kind not in _AUTOMATIC and kind != _RENDERED:
            self._texts[strings_of(content)] = None

    def _properties_of_attachment(self, one: _Attachment, content: bytes) -> None:
        properties = list(properties_of(content, self._encoding))
        texts = {each.tag: each.value for each in properties if isinstance(each.value, str)}
        one.names = [texts[tag] for tag in _NAMES if tag in texts] + one.names
        self._add(each for each in properties if each.tag != _CONTENT)
        one.data += [each.value for each in properties if each.tag == _CONTENT and isinstance(each.value, bytes)]

    def _end_attachment(self) -> None:
        one, self._attachment = self._attachment, None
        if one is None:
            return
        name = next(filter(None, one.names), "")
        self._out.add("\n".join(dict.fromkeys(one.names)), "attachments")
        for data in filter(None, one.data):
            if self._out.first_time(data):
                self._out.within(Source(data, name), name)
