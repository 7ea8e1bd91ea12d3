"""Windows metafiles: the text that they draw, and the pictures in them ([MS-EMF] 2.3.5, [MS-EMFPLUS], [MS-WMF] 2.3.3).

Lines and areas are not rendered: a metafile that draws nothing else counts as unread, since that may be text as well.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.reasons import Code

_MAX_RECORDS: Final = 1_000_000

_ENHANCED: Final = b"\x01\0\0\0"
_HEADER, _COMMENT = 1, 70
_TEXT_NARROW, _TEXT_WIDE, _MANY_NARROW, _MANY_WIDE, _SMALL_TEXT = 83, 84, 96, 97, 108
_BITMAPS: Final = {76: 84, 77: 84, 78: 84, 79: 84, 80: 48, 81: 48, 114: 84, 116: 84}
"""Records with a bitmap, and where its offsets stand: BitBlt, StretchBlt, MaskBlt, PlgBlt, SetDIBitsToDevice,
StretchDIBits, AlphaBlend, TransparentBlt."""
_GLYPHS: Final = 0x10
"""The text is numbers of glyphs (ETO_GLYPH_INDEX)."""
_NO_RECTANGLE, _SMALL_CHARACTERS = 0x100, 0x200

_PLUS: Final = b"EMF+"
_DRAW_STRING, _DRAW_DRIVER_STRING = 0x401C, 0x4036
_CHARACTERS: Final = 1
"""The driver string is of characters (DriverStringOptionsCmapLookup)."""

_PLACEABLE: Final = b"\xd7\xcd\xc6\x9a"
_WMF_TEXT, _WMF_TEXT_EXTENDED, _WMF_ESCAPE = 0x0521, 0x0A32, 0x0626
_WITH_RECTANGLE: Final = 0x0006

_ENCODED: Final = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff[\xc0-\xff]|GIF8[79]a")
_BITMAP: Final = re.compile(rb"\x28\0\0\0.{8}\x01\0[\x01\x04\x08\x10\x18\x20]\0", re.DOTALL)
"""A bitmap's header: 40 bytes, width, height, one plane, bits a pixel ([MS-WMF] 2.2.2.3)."""
_BITFIELDS: Final = 3


def read(source: Source, out: Extraction) -> None:
    """Read a metafile: each piece of text that it draws is a line.

    Raises:
        CannotRead: it draws neither text nor pictures.
    """
    data = source.data
    metafile = _Metafile()
    try:
        if data.startswith(_ENHANCED):
            metafile.read_enhanced(data)
        else:
            metafile.read_windows(data)
    finally:
        out.add("\n".join(metafile.texts))
    unread = sum(not out.picture(picture, "picture") for picture in metafile.pictures)
    if unread and not metafile.texts:
        raise CannotRead(Code.FILE_NO_TEXT_RECOGNITION)
    if metafile.has_glyphs or not (metafile.texts or metafile.pictures):
        raise CannotRead(Code.FILE_UNRECOGNISED)


class _Metafile:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.pictures: list[bytes] = []
        self.has_glyphs = False
        """Whether text is drawn as numbers of glyphs, which only its font would tell."""

    def read_enhanced(self, data: bytes) -> None:
        readers: dict[int, Callable[[bytes], None]] = {
            _TEXT_WIDE: lambda record: self._text(record, 36, wide=True),
            _TEXT_NARROW: lambda record: self._text(record, 36, wide=False),
            _MANY_WIDE: lambda record: self._texts(record, wide=True),
            _MANY_NARROW: lambda record: self._texts(record, wide=False),
            _SMALL_TEXT: self._small_text,
            _COMMENT: self._comment,
        }
        for kind, record in _records(data):
            if kind in readers:
                readers[kind](record)
            elif kind in _BITMAPS:
                self._bitmap(record, _BITMAPS[kind])

    def _text(self, record: bytes, at: int, *, wide: bool) -> None:
        count, offset, options = struct.unpack_from("<III", record, at + 8)
        if options & _GLYPHS:
            self.has_glyphs |= count > 0
            return
        text = record[offset : offset + count * (1 + wide)]
        self.texts.append(text.decode("utf-16-le" if wide else "cp1252", "replace"))

    def _texts(self, record: bytes, *, wide: bool) -> None:
        count = struct.unpack_from("<I", record, 36)[0]
        for number in range(min(count, len(record) // 40)):
            self._text(record, 40 + 40 * number, wide=wide)

    def _small_text(self, record: bytes) -> None:
        count, options = struct.unpack_from("<II", record, 16)
        start = 36 if options & _NO_RECTANGLE else 52
        small = bool(options & _SMALL_CHARACTERS)
        text = record[start : start + count * (2 - small)]
        self.texts.append(text.decode("cp1252" if small else "utf-16-le", "replace"))

    def _bitmap(self, record: bytes, at: int) -> None:
        start, length, bits, size = struct.unpack_from("<IIII", record, at)
        header = record[start : start + length]
        if len(header) >= 40 and size:
            self.pictures.append(_bitmap_file(header + record[bits : bits + size], 14 + length))

    def _comment(self, record: bytes) -> None:
        if record[12:16] == _PLUS:
            self._plus(record[16:])
        self.pictures += [record[match.start() :] for match in _ENCODED.finditer(record)]

    def _plus(self, data: bytes) -> None:
        position = 0
        while position + 12 <= len(data):
            kind, _, size, length = struct.unpack_from("<HHII", data, position)
            content = data[position + 12 : position + 12 + length]
            if kind == _DRAW_STRING:
                count = struct.unpack_from("<I", content, 8)[0]
                self.texts.append(content[28 : 28 + 2 * count].decode("utf-16-le", "replace"))
            elif kind == _DRAW_DRIVER_STRING:
                options, _, count = struct.unpack_from("<III", content, 4)
                if options & _CHARACTERS:
                    self.texts.append(content[16 : 16 + 2 * count].decode("utf-16-le", "replace"))
                else:
                    self.has_glyphs |= count > 0
            position += max(size, 12)

    def read_windows(self, data: bytes) -> None:
        position = 22 if data.startswith(_PLACEABLE) else 0
        position += struct.unpack_from("<H", data, position + 2)[0] * 2
        for _ in range(_MAX_RECORDS):
            if position + 6 > len(data):
                return
            size, kind = struct.unpack_from("<IH", data, position)
            if size < 3:
                return
            record = data[position + 6 : position + 2 * size]
            position += 2 * size
            if kind == _WMF_TEXT:
                count = struct.unpack_from("<H", record)[0]
                self.texts.append(record[2 : 2 + count].decode("cp1252", "replace"))
            elif kind == _WMF_TEXT_EXTENDED:
                self._windows_text(record)
            elif kind == _WMF_ESCAPE:
                self.pictures += [record[match.start() :] for match in _ENCODED.finditer(record)]
            elif bitmap := _BITMAP.search(record):
                self.pictures.append(_bitmap_file(record[bitmap.start() :]))

    def _windows_text(self, record: bytes) -> None:
        count, options = struct.unpack_from("<HH", record, 4)
        if options & _GLYPHS:
            self.has_glyphs |= count > 0
            return
        start = 16 if options & _WITH_RECTANGLE else 8
        self.texts.append(record[start : start + count].decode("cp1252", "replace"))


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and bytes of each record of an enhanced metafile."""
    position = 0
    for _ in range(_MAX_RECORDS):
        if position + 8 > len(data):
            return
        kind, size = struct.unpack_from("<II", data, position)
        if size < 8 or position + size > len(data) or (position == 0 and kind != _HEADER):
            raise CannotRead(Code.FILE_DAMAGED)
        yield kind, data[position : position + size]
        position += size


def _bitmap_file(bitmap: bytes, start: int = 0) -> bytes:
    """A bitmap as a file of its own; `start` is where its pixels begin in that, where it is known."""
    size, _, _, _, depth, compression = struct.unpack_from("<IiiHHI", bitmap)
    colours = struct.unpack_from("<I", bitmap, 32)[0] or (1 << depth if depth <= 8 else 0)
    masks = 12 if compression == _BITFIELDS and size == 40 else 0
    start = start or 14 + size + 4 * colours + masks
    return b"BM" + struct.pack("<IHHI", 14 + len(bitmap), 0, 0, start) + bitmap
