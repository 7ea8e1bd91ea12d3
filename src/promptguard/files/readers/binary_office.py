"""Word, Excel and PowerPoint documents of the binary forms before 2007 ([MS-DOC], [MS-XLS], [MS-PPT])."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final

from promptguard.files.compound_streams import CompoundStreams, compound_file
from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from promptguard.files.readers import cells, workbook_records
from promptguard.files.readers.text import guessed_charset
from promptguard.files.strings import strings_of
from promptguard.files.workbook_numbers import shown_numbers
from promptguard.reasons import Code

_ENCRYPTED: Final = 0x0100
_TABLE_1: Final = 0x0200
_CLX: Final = 0x01A2
"""Place of fcClx and lcbClx in the file information block ([MS-DOC] 2.5.6)."""
_COMPRESSED: Final = 0x40000000

_TEXT_CHARS, _TEXT_BYTES, _STRING = 0x0FA0, 0x0FA8, 0x0FBA
_LOOK: Final = frozenset({0x0FB7, 0x1011, 0xF01A, 0xF01B, 0xF01C, 0xF01D, 0xF01E, 0xF01F, 0xF029, 0xF02A})
"""Fonts, embedded objects, which are compressed, and pictures."""
_OBJECT: Final = 0x1011
_CONTAINER: Final = 0xF
_CRYPT_SESSION: Final = 0x2F14
_MAX_DEPTH: Final = 64

_FOREIGN: Final = re.compile(rb"[\xc0-\xff]")
_LETTERS: Final = re.compile(rb"[A-Za-z]")

_BREAKS: Final = str.maketrans({7: "\t", 11: "\n", 12: "\n", 13: "\n", 14: "\n", 30: "-", 31: "", 160: " "})
_MARKS: Final = re.compile(r"[\x00-\x06\x08\x0e-\x1f]")
"""Places of pictures, notes and fields; the codes of fields are kept."""

_ZIP: Final = re.compile(rb"PK\x03\x04.*PK\x05\x06.{18}", re.DOTALL)
"""The theme's package."""

_PICTURE: Final = re.compile(
    rb"[\x1d\x1e\x29\x2a]\xf0(?P<length>.{4})(?:.{17}|.{33})(?=\x89PNG|\xff\xd8\xff|II\*\0|MM\0\*)", re.DOTALL
)
"""The header of a record with a PNG, JPEG or TIFF ([MS-ODRAW] 2.2.23): type, length, one identifier or two, a tag."""


_DOCUMENTS: Final = ("WordDocument", "PowerPoint Document", "Workbook", "Book")


def read(streams: CompoundStreams, out: Extraction) -> bool:
    """Read a document, and those that are embedded in it; False if there is none."""
    folders = streams.folders_of(*_DOCUMENTS)
    for folder in folders:
        if folder:
            with out.missing(), out.labelled("object"):
                _read(streams.under(folder), out)
        else:
            _read(streams, out)
    return bool(folders)


def _read(streams: CompoundStreams, out: Extraction) -> None:
    before = len(out.texts)
    pictures: Iterator[bytes] = iter(())
    if "WordDocument" in streams:
        _read_word(streams, out)
        pictures = _pictures(streams.read("Data"))
    elif "PowerPoint Document" in streams:
        _read_presentation(streams.read("PowerPoint Document"), out)
        pictures = _pictures(streams.read("Pictures"))
    else:
        name = "Workbook" if "Workbook" in streams else "Book"
        stream = streams.read(name)
        workbook_records.read(stream, out)
        cells.read(compound_file(name, stream), out, shown_numbers(workbook_records.records(stream)))
        pictures = _pictures(stream)
    unread = sum(not out.picture(picture, "picture") for picture in pictures)
    if unread and len(out.texts) == before:
        raise CannotRead(Code.FILE_NO_TEXT_RECOGNITION)


def _read_word(streams: CompoundStreams, out: Extraction) -> None:
    text = _word(streams)
    out.add(text)
    shown = set(text.split("\n"))
    for name in ("0Table", "1Table", "Data"):
        out.add(strings_of(_ZIP.sub(b"", streams.read(name)), shown, narrow=False), "names, fields and variables")


def _word(streams: CompoundStreams) -> str:
    """All text of a document: body, notes, headers, comments, text boxes, in the order of its pieces."""
    main = streams.read("WordDocument")
    flags = struct.unpack_from("<H", main, 0x0A)[0]
    if flags & _ENCRYPTED:
        raise CannotRead(Code.FILE_ENCRYPTED)
    table = streams.read("1Table" if flags & _TABLE_1 else "0Table")
    start, length = struct.unpack_from("<II", main, _CLX)
    pieces = table[start : start + length]
    position = 0
    while pieces[position : position + 1] == b"\x01":  # properties come first
        position += 3 + struct.unpack_from("<H", pieces, position + 1)[0]
    if pieces[position : position + 1] != b"\x02":
        raise CannotRead(Code.FILE_DAMAGED)
    size = struct.unpack_from("<I", pieces, position + 1)[0]
    plc = pieces[position + 5 : position + 5 + size]
    count = (len(plc) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plc)
    pieces_of_text: list[bytes | str] = []
    for number in range(count):
        at = struct.unpack_from("<I", plc, (count + 1) * 4 + number * 8 + 2)[0]
        characters = max(0, places[number + 1] - places[number])
        if at & _COMPRESSED:
            at = (at & ~_COMPRESSED) // 2
            pieces_of_text.append(main[at : at + characters])
        else:
            pieces_of_text.append(main[at : at + 2 * characters].decode("utf-16-le", "replace"))
    charset = _charset(b"".join(piece for piece in pieces_of_text if isinstance(piece, bytes)))
    found = [piece if isinstance(piece, str) else piece.decode(charset, "replace") for piece in pieces_of_text]
    return _MARKS.sub("", "".join(found).translate(_BREAKS))


def _charset(content: bytes) -> str:
    """Of text of one byte a character: Windows' Western code page, unless too many letters are foreign to that.

    Programs that convert older documents keep what was written in a font of another code page.
    """
    foreign = len(_FOREIGN.findall(content))
    if foreign * 3 > len(_LETTERS.findall(content)) + foreign:
        return guessed_charset(content)
    return "cp1252"


def _read_presentation(stream: bytes, out: Extraction) -> None:
    """All text of a presentation, older versions of slides included: they are in the file."""
    texts: dict[str, None] = {}
    beside: dict[str, None] = {}
    for kind, content in _records(stream):
        if kind in (_TEXT_CHARS, _STRING):
            texts[content.decode("utf-16-le", "replace").replace("\r", "\n")] = None
        elif kind == _TEXT_BYTES:
            texts[content.decode("latin-1").replace("\r", "\n")] = None
        elif kind not in _LOOK:
            beside |= dict.fromkeys(strings_of(content, narrow=False).split("\n"))
    out.add("\n".join(texts))
    out.add("\n".join(beside), "names and links")


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record that holds no others."""
    ends = [len(stream)]
    position = 0
    while ends:
        if position + 8 > ends[-1]:
            position = ends.pop()
            continue
        version, kind, length = struct.unpack_from("<HHI", stream, position)
        position += 8
        end = min(position + length, ends[-1])
        if kind == _CRYPT_SESSION:
            raise CannotRead(Code.FILE_ENCRYPTED)
        if version & _CONTAINER == _CONTAINER and len(ends) < _MAX_DEPTH:
            ends.append(end)
            continue
        yield kind, stream[position:end]
        position = end


def _pictures(stream: bytes) -> Iterator[bytes]:
    """The pictures in a stream, wherever in it their records stand."""
    for match in _PICTURE.finditer(stream):
        yield stream[match.end() : match.end("length") + int.from_bytes(match["length"], "little")]
