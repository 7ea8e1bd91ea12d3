"""Rich Text Format (Microsoft, version 1.9.1): text, headers, notes, hidden text, properties, pictures, objects."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source, words
from promptguard.files.lines import Lines
from promptguard.reasons import Code

_TOKEN: Final = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)

_SKIPPED: Final = words(
    """colortbl stylesheet listtable listoverridetable rsidtbl generator themedata colorschememapping latentstyles
    datastore xmlnstbl filetbl revtbl author operator creatim revtim printim panose picprop blipuid passwordhash
    mmathPr pnseclvl objclass objname
    atnid atnauthor atntime atndate atnicn atnref atnparent atrfstart atrfend"""
)
"""Destinations that hold no text of the document, and properties that programs fill in by themselves."""

_BREAKS: Final = frozenset({"par", "line", "row", "sect", "page", "column"})
_PIECES: Final = words(
    "title subject keywords doccomm company manager category hlinkbase footnote annotation header footer"
)
"""Destinations that are a piece of text of their own."""
_TABS: Final = frozenset({"tab", "cell", "nestcell"})
_CHARACTERS: Final = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip

_CODE_PAGES: Final = {
    0: "cp1252", 2: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""By the number of `\\fcharset`."""

_OBJECTS: Final = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-", b"{\\rtf")
_MAX_DEPTH: Final = 2_000


@dataclass(slots=True)
class _Group:
    """What holds until the next closing brace."""

    skipped: bool = False
    destination: str = ""
    """`pict`, `objdata` or `fonttbl`, where the content is no text."""
    lines: Lines = field(default_factory=Lines)
    """Where its text goes: notes and properties do not stand where they are anchored, which may be within a word."""
    is_piece: bool = False
    """Whether these lines begin with it."""
    code_page: str = "cp1252"
    after_unicode: int = 1
    """Characters after a `\\u` that repeat it for old readers."""


def read(source: Source, out: Extraction) -> None:
    """Read a document."""
    document = _Document(out)
    document.read(source.data)
    out.add(document.take())


class _Document:
    def __init__(self, out: Extraction) -> None:
        self._beside: list[str] = []
        """Notes, headers and properties."""
        self._out = out
        self._groups = [_Group()]
        self._bytes = bytearray()
        """Characters in the code page, until it is known where they end: some take two bytes."""
        self._data = bytearray()
        """Of a picture or object, in hexadecimal digits or as bytes."""
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._default = "cp1252"
        self._to_skip = 0

    def take(self) -> str:
        """The text, then what stands beside it."""
        while len(self._groups) > 1:
            self._close()
        return "\n".join(filter(None, (self._groups[0].lines.take(), *self._beside)))

    def read(self, data: bytes) -> None:
        position = 0
        while match := _TOKEN.match(data, position):
            position = match.end()
            match match.lastgroup:
                case "brace":
                    self._flush()
                    self._open() if match["brace"] == b"{" else self._close()
                case "hex":
                    self._add_byte(bytes.fromhex(match["hex"].decode()))
                case "text":
                    self._add_bytes(match["text"])
                case "symbol":
                    self._symbol(match["symbol"])
                case "word" | "number":
                    number = int(match["number"]) if match["number"] else None
                    word = match["word"].decode()
                    if word == "bin" and number and number > 0:
                        self._data += data[position : position + number].hex().encode()
                        position += number
                    else:
                        self._flush()
                        self._word(word, number)
        self._flush()

    def _open(self) -> None:
        if len(self._groups) > _MAX_DEPTH:
            raise CannotRead(Code.FILE_TOO_DEEP)
        self._groups.append(replace(self._groups[-1], is_piece=False))
        self._to_skip = 0

    def _close(self) -> None:
        if len(self._groups) < 2:
            return
        closed = self._groups.pop()
        if closed.is_piece:
            self._beside.append(closed.lines.take())
        if closed.destination in ("pict", "objdata") and self._groups[-1].destination != closed.destination:
            self._finish(closed.destination)

    def _finish(self, destination: str) -> None:
        digits = bytes(self._data).translate(None, b" \t\r\n")
        self._data.clear()
        try:
            content = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
        except ValueError:
            return
        if destination == "pict":
            self._out.picture(content, "picture")
            return
        starts = [at for signature in _OBJECTS if (at := content.find(signature)) >= 0]
        if not starts:
            raise CannotRead(Code.FILE_EMBEDDED_OBJECT)
        self._out.within(Source(content[min(starts) :]), "object")

    def _word(self, word: str, number: int | None) -> None:
        group = self._groups[-1]
        if word == "u" and number is not None:
            self._emit(chr(number % 0x10000))
            self._to_skip = group.after_unicode
        elif word == "uc" and number is not None:
            group.after_unicode = min(max(number, 0), 8)
        elif word in _SKIPPED:
            group.skipped = True
        elif word in ("pict", "objdata", "fonttbl"):
            group.destination = word
        elif word == "ansicpg" and number is not None:
            self._default = group.code_page = f"cp{number}"
        elif word in ("mac", "pc", "pca"):
            self._default = group.code_page = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
        elif word == "f" and number is not None:
            self._font = number
            group.code_page = self._fonts.get(number, self._default)
        elif word == "fcharset" and number is not None and group.destination == "fonttbl":
            self._fonts[self._font] = _CODE_PAGES.get(number, self._default) if number else self._default
        elif word in _PIECES:
            group.is_piece = True
            group.lines = Lines()
        elif word in _BREAKS:
            self._emit("\n")
        elif word in _TABS:
            self._emit("\t")
        elif word in _CHARACTERS:
            self._emit(_CHARACTERS[word])

    def _symbol(self, symbol: bytes) -> None:
        if symbol in (b"\\", b"{", b"}"):
            self._add_byte(symbol)
        elif symbol in (b"~", b"_"):
            self._emit(" " if symbol == b"~" else "-")
        elif symbol in (b"\n", b"\r"):
            self._flush()
            self._emit("\n")

    def _add_byte(self, byte: bytes) -> None:
        if self._to_skip:
            self._to_skip -= 1
        else:
            self._add_bytes(byte)

    def _add_bytes(self, content: bytes) -> None:
        group = self._groups[-1]
        if group.destination in ("pict", "objdata"):
            self._data += content
            return
        skip, self._to_skip = self._to_skip, max(0, self._to_skip - len(content))
        if not group.skipped and not group.destination:
            self._bytes += content[skip:]

    def _flush(self) -> None:
        if not self._bytes:
            return
        content = bytes(self._bytes)
        self._bytes.clear()
        try:
            self._groups[-1].lines.add(content.decode(self._groups[-1].code_page, "replace"))
        except LookupError:
            self._groups[-1].lines.add(content.decode("cp1252", "replace"))

    def _emit(self, text: str) -> None:
        self._flush()
        group = self._groups[-1]
        if not group.skipped and not group.destination:
            group.lines.add(text)
