"""Properties of mails as they stand in a row in `winmail.dat` ([MS-OXTNEF] 2.1.3.4): texts, bytes, objects."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from promptguard.files.interface import CannotRead
from promptguard.reasons import Code

_FIXED: Final = {
    0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8, 0x0040: 8,
    0x0048: 16,
}  # fmt: skip
"""Bytes of a value, by its type."""
_OBJECT, _STRING, _UNICODE, _BINARY = 0x000D, 0x001E, 0x001F, 0x0102
_VARIABLE: Final = frozenset({_OBJECT, _STRING, _UNICODE, _BINARY})
_SEVERAL: Final = 0x1000
"""Set in the types of properties with several values."""
_NAMED: Final = 0x8000
"""Numbers from here on stand for names, which are told with the property."""
_INTERFACE: Final = 16
"""Bytes of the identifier that an object begins with."""
MAX_PROPERTIES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Property:
    """One property with a value of variable length; the others say nothing in words."""

    tag: int
    name: str = field(repr=False)
    """Of one that has a name; else empty."""
    value: str | bytes = field(repr=False)


def properties_of(data: bytes, encoding: str) -> Iterator[Property]:
    """The properties in the only row of `data`.

    Raises:
        CannotRead: it is damaged.
    """
    yield from _Properties(data, encoding).row()


def rows_of(data: bytes, encoding: str) -> Iterator[Property]:
    """The properties of all rows of a table.

    Raises:
        CannotRead: it is damaged.
    """
    reading = _Properties(data, encoding)
    for _ in range(reading.number()):
        yield from reading.row()


class _Properties:
    def __init__(self, data: bytes, encoding: str) -> None:
        self._data = data
        self._encoding = encoding
        self._position = 0
        self._left = MAX_PROPERTIES

    def number(self) -> int:
        return int.from_bytes(self._take(4), "little")

    def row(self) -> Iterator[Property]:
        for _ in range(self.number()):
            kind, tag = struct.unpack("<HH", self._take(4))
            name = self._name() if tag >= _NAMED else ""
            for value in self._values(kind):
                yield Property(tag, name, value)

    def _take(self, count: int) -> bytes:
        piece = self._data[self._position : self._position + count]
        self._position += count
        if len(piece) < count:
            raise CannotRead(Code.FILE_DAMAGED)
        return piece

    def _padded(self) -> bytes:
        """A length, so many bytes, and what fills the last four of them."""
        length = self.number()
        content = self._take(length)
        self._position += -length % 4
        return content

    def _name(self) -> str:
        self._take(16)  # whose name it is
        if self.number() == 0:
            self._take(4)
            return ""
        return _wide(self._padded())

    def _values(self, kind: int) -> Iterator[str | bytes]:
        single = kind & ~_SEVERAL
        is_variable = single in _VARIABLE
        for _ in range(self.number() if is_variable or kind & _SEVERAL else 1):
            self._left -= 1
            if self._left < 0 or not (is_variable or single in _FIXED):
                raise CannotRead(Code.FILE_DAMAGED)
            if not is_variable:
                self._take(_FIXED[single])
                continue
            yield self._value(single, self._padded())

    def _value(self, kind: int, content: bytes) -> str | bytes:
        if kind == _UNICODE:
            return _wide(content)
        if kind == _STRING:
            return narrow(content, self._encoding)
        return content[_INTERFACE:] if kind == _OBJECT else content


def narrow(content: bytes, encoding: str) -> str:
    """A text of a mail that is not Unicode, without the zero at its end."""
    try:
        return content.rstrip(b"\0").decode(encoding, "replace")
    except LookupError:
        return content.rstrip(b"\0").decode("cp1252", "replace")


def _wide(content: bytes) -> str:
    return content.decode("utf-16-le", "replace").rstrip("\0")
