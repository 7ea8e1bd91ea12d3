"""Property sets of compound files ([MS-OLEPS]): what `File > Properties` shows of documents before 2007."""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from typing import Final

from promptguard.files.strings import strings_of

STREAMS: Final = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")

_SUMMARY: Final = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
_AUTOMATIC: Final = frozenset({4, 7, 8, 9, 18})
"""Of the summary: author, template, last author, revision, program. Programs fill them in by themselves."""

_DICTIONARY, _CODE_PAGE = 0, 1
_BLOB, _NARROW, _WIDE, _VARIANT, _VECTOR = 0x41, 0x1E, 0x1F, 0x0C, 0x1000
_UTF_16: Final = 1200
_MAX_PROPERTIES: Final = 10_000


def texts_of(stream: bytes) -> Iterator[str]:
    """The texts of a property set, those that people made up with their names; of a damaged one what prints."""
    try:
        yield from list(_texts_of(stream))
    except struct.error:
        yield strings_of(stream)


def _texts_of(stream: bytes) -> Iterator[str]:
    count = min(struct.unpack_from("<I", stream, 24)[0], 2)
    for number in range(count):
        format_id, at = struct.unpack_from("<16sI", stream, 28 + 20 * number)
        yield from _Section(stream[at:], is_summary=format_id == _SUMMARY).texts()


class _Section:
    def __init__(self, data: bytes, *, is_summary: bool) -> None:
        self._data = data
        self._is_summary = is_summary
        count = min(struct.unpack_from("<I", data, 4)[0], _MAX_PROPERTIES)
        self._places = dict(struct.unpack_from("<II", data, 8 + 8 * number) for number in range(count))
        page = struct.unpack_from("<H", data, self._places[_CODE_PAGE] + 4)[0] if _CODE_PAGE in self._places else 1252
        self._charset = _charset(page)
        self._is_wide = page == _UTF_16

    def texts(self) -> Iterator[str]:
        names = self._names()
        for id, at in self._places.items():
            if id in (_DICTIONARY, _CODE_PAGE) or (self._is_summary and id in _AUTOMATIC):
                continue
            for text in self._values(at):
                yield f"{names[id]}: {text}" if id in names else text

    def _names(self) -> dict[int, str]:
        """The names of properties that people made up."""
        if _DICTIONARY not in self._places:
            return {}
        at = self._places[_DICTIONARY]
        count = min(struct.unpack_from("<I", self._data, at)[0], _MAX_PROPERTIES)
        at += 4
        names = {}
        for _ in range(count):
            id, length = struct.unpack_from("<II", self._data, at)
            size = length * 2 if self._is_wide else length
            names[id] = self._decoded(self._data[at + 8 : at + 8 + size])
            at += 8 + (size + 3) // 4 * 4 if self._is_wide else 8 + size
        return names

    def _values(self, at: int) -> Iterator[str]:
        kind, count = struct.unpack_from("<II", self._data, at)
        if not kind & _VECTOR:
            text, _ = self._value(kind, at + 4)
            yield from filter(None, [text])
            return
        at += 8
        for _ in range(min(count, _MAX_PROPERTIES)):
            each = kind & ~_VECTOR
            if each == _VARIANT:
                each, at = struct.unpack_from("<I", self._data, at)[0], at + 4
            text, at = self._value(each, at)
            yield from filter(None, [text])

    def _value(self, kind: int, at: int) -> tuple[str, int]:
        """A text, empty where it is none, and where the next one begins."""
        if kind not in (_NARROW, _WIDE, _BLOB):
            return "", at + 4
        length = struct.unpack_from("<I", self._data, at)[0]
        size = length * 2 if kind == _WIDE else length
        content = self._data[at + 4 : at + 4 + size]
        end = at + 4 + size
        padded = at + 4 + (size + 3) // 4 * 4  # programs disagree on whether strings in lists are padded
        end = end if self._data[end:padded].strip(b"\0") else padded
        if kind == _BLOB:  # of links in a document, in UTF-16
            return content.decode("utf-16-le", "replace").replace("\0", " ").strip(), end
        return (content.decode("utf-16-le", "replace").rstrip("\0") if kind == _WIDE else self._decoded(content)), end

    def _decoded(self, content: bytes) -> str:
        return content.decode(self._charset, "replace").rstrip("\0")


def _charset(code_page: int) -> str:
    if code_page in (_UTF_16, 65001):
        return "utf-16-le" if code_page == _UTF_16 else "utf-8"
    try:
        return codecs.lookup(f"cp{code_page}").name
    except LookupError:
        return "cp1252"
