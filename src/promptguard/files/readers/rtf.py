"""Rich Text Format (Microsoft, version 1.9.1): text, headers, notes, hidden text, properties, pictures, objects."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.kinds import RTF, TEXT, identify
from promptguard.files.labels import is_noise
from promptguard.files.lines import Lines
from promptguard.files.rtf_words import (
    BREAKS,
    BUILT_IN,
    CHARACTERS,
    CODE_PAGES,
    COLOURS,
    FILES,
    HIDDEN,
    PIECES,
    SKIPPED,
    TABLES,
    TABS,
)
from promptguard.files.strings import strings_of
from promptguard.files.trailing import read_rest
from promptguard.reasons import Code

_TOKEN: Final = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)

_REPEATED: Final = 4
"""Bytes of a character in an older encoding, as it is repeated after `\\u`."""
_MAX_REPEATED: Final = 100_000
_OBJECTS: Final = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-", b"{\\rtf")
_MAX_DEPTH: Final = 2_000
_PADDING: Final = re.compile(rb"[\0\r\n ]++")
_HEAD: Final = 8_192
"""Bytes by which a file is told that follows."""


@dataclass(slots=True)
class _Group:
    """What holds until the next closing brace."""

    skipped: bool = False
    destination: str = ""
    """One of files or tables, where the content is no text."""
    is_hidden: bool = False
    """Whether programs do not show it."""
    is_ignored: bool = False
    """Whether it begins with `\\*`: programs show nothing of what they do not know."""
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
    out.add(document.seen(), "without what is hidden")
    out.add(document.names(), "names and settings")


class _Document:
    def __init__(self, out: Extraction) -> None:
        self._beside: list[str] = []
        """Notes, headers and properties."""
        self._names: dict[str, None] = {}
        """Of styles, fonts and programs; and bytes that belong to nothing."""
        self._seen = Lines()
        """The text without what is hidden."""
        self._is_gap = self._is_split = False
        """Whether what is hidden stands within a word."""
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

    def seen(self) -> str:
        """The text as programs show it, if what they hide stands within a word; else empty."""
        return self._seen.take() if self._is_split else ""

    def names(self) -> str:
        """What people may have called styles, fonts and the like."""
        return "\n".join(self._names)

    def read(self, data: bytes) -> None:
        position = 0
        while match := _TOKEN.match(data, position):
            position = match.end()
            match match.lastgroup:
                case "brace":
                    self._flush()
                    self._open() if match["brace"] == b"{" else self._close()
                    if len(self._groups) == 1 and self._ends(data, position):
                        return
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
                        self._add_binary(data[position : position + number])
                        position += number
                    else:
                        self._flush()
                        self._word(word, number)
        self._flush()

    def _ends(self, data: bytes, position: int) -> bool:
        """Whether the document is over, and another file follows, which is read; text that follows is read as more."""
        padding = _PADDING.match(data, position)
        start = padding.end() if padding else position
        if data[start : start + 1] in (b"{", b"}") or identify(Source(data[start : start + _HEAD])) in (TEXT, RTF):
            return False
        read_rest(data[start:], self._out)
        return True

    def _add_binary(self, content: bytes) -> None:
        if self._groups[-1].destination in FILES:
            self._data += content.hex().encode()
        else:
            self._call(strings_of(content))

    def _call(self, text: str) -> None:
        names = (name.strip() for name in re.split("[;\n]", text))
        self._names |= dict.fromkeys(name for name in names if not is_noise(name) and not BUILT_IN.fullmatch(name))

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
        if closed.destination in FILES and self._groups[-1].destination != closed.destination:
            self._finish(closed.destination)

    def _finish(self, destination: str) -> None:
        data = bytes(self._data)
        digits = data.translate(None, b" \t\r\n")
        self._data.clear()
        try:
            content = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
        except ValueError:
            self._call(strings_of(data))
            return
        if destination == "pict":
            self._out.picture(content, "picture")
            return
        starts = [at for signature in _OBJECTS if (at := content.find(signature)) >= 0]
        if starts:
            self._out.within(Source(content[min(starts) :]), "object" if destination == "objdata" else "")
        elif destination == "objdata":
            self._out.miss(Code.FILE_EMBEDDED_OBJECT)
        elif COLOURS.fullmatch(content):
            return
        elif content.lstrip().startswith(b"<"):
            self._out.within(Source(content), destination)
        else:
            self._call(strings_of(content))

    def _word(self, word: str, number: int | None) -> None:
        group = self._groups[-1]
        if word == "u" and number is not None:
            self._emit(chr(number % 0x10000))
            self._to_skip = group.after_unicode
        elif word == "uc" and number is not None:
            group.after_unicode = min(max(number, 0), _MAX_REPEATED)
        elif word in SKIPPED:
            group.skipped = True
        elif word in FILES or word in TABLES:
            group.destination = word
        elif word in HIDDEN:
            group.is_hidden = number != 0
        elif word == "plain":
            group.is_hidden = group.is_ignored
        elif word == "ansicpg" and number is not None:
            self._default = group.code_page = f"cp{number}"
        elif word in ("mac", "pc", "pca"):
            self._default = group.code_page = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
        elif word == "f" and number is not None:
            self._font = number
            group.code_page = self._fonts.get(number, self._default)
        elif word == "fcharset" and number is not None and group.destination == "fonttbl":
            self._fonts[self._font] = CODE_PAGES.get(number, self._default) if number else self._default
        elif word in PIECES:
            group.is_piece = True
            group.lines = Lines()
        elif word in BREAKS:
            self._emit("\n")
        elif word in TABS:
            self._emit("\t")
        elif word in CHARACTERS:
            self._emit(CHARACTERS[word])

    def _symbol(self, symbol: bytes) -> None:
        if symbol in (b"\\", b"{", b"}"):
            self._add_byte(symbol)
        elif symbol in (b"~", b"_"):
            self._emit(" " if symbol == b"~" else "-")
        elif symbol == b"*":
            self._flush()
            self._groups[-1].is_ignored = self._groups[-1].is_hidden = True
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
        if group.destination in FILES:
            self._data += b"" if group.skipped else content
            return
        skip, self._to_skip = self._to_skip, max(0, self._to_skip - len(content))
        if skip > _REPEATED:
            self._call(strings_of(content[:skip]))
        if not group.skipped:
            self._bytes += content[skip:]

    def _flush(self) -> None:
        if not self._bytes:
            return
        content = bytes(self._bytes)
        self._bytes.clear()
        try:
            self._add(content.decode(self._groups[-1].code_page, "replace"))
        except LookupError:
            self._add(content.decode("cp1252", "replace"))

    def _emit(self, text: str) -> None:
        self._flush()
        if not self._groups[-1].skipped:
            self._add(text)

    def _add(self, text: str) -> None:
        group = self._groups[-1]
        if group.destination == "picprop":  # alternative texts are among the properties of pictures
            self._names |= {} if is_noise(text) else {text: None}
            return
        if group.destination in TABLES:
            self._call(text)
            return
        if group.destination:
            return
        group.lines.add(text)
        if group.lines is not self._groups[0].lines:
            return
        if group.is_hidden:
            self._is_gap = self._seen.is_in_word
            return
        self._is_split |= self._is_gap and not text[:1].isspace()
        self._is_gap = False
        self._seen.add(text)
