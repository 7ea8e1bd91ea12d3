"""Protocol buffers without their schema (protobuf.dev/programming-guides/encoding): every field of a message is read.

What a length-delimited field holds is not said. Printable UTF-8 is a string; what is well-formed is a message; all else
is bytes, which are listed in base64: what they hold, and whether that can be read, is for others to say. Nothing is
written back: a field may also be what its reader takes for another thing.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import Path
from promptguard.reasons import Code
from promptguard.wire.documents import numbers
from promptguard.wire.documents.interface import MAX_LEAVES, Document, Leaf

MAX_DEPTH: Final = 64
"""Messages within each other; protocol buffers' own libraries read 100."""

MAX_LOOKS: Final = 8
"""How often all bytes of a message may be looked at, in messages within each other: time stays linear."""

_VARINT, _FIXED_64, _LENGTH, _FIXED_32 = 0, 1, 2, 5
"""Wire types; groups (3 and 4) are of no service."""

_MAX_FIELD: Final = 1 << 29
"""Field numbers have 29 bits."""

_RUNS: Final = re.compile(rb"[ -~]{6,}")
"""Texts among other bytes."""

_CONTROLS: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")


class _Field(NamedTuple):
    number: int
    value: int | bytes
    """A varint, or what is length-delimited; 0 for numbers of fixed length."""


class NotProtobuf(Exception):
    """The bytes are no well-formed message."""


class ProtobufDocument(Document):
    """One message. A path is the numbers of the fields, each with which one of its message it is."""

    content_type = "application/x-protobuf"
    body = None

    def __init__(self, source: bytes) -> None:
        """Read a message.

        Raises:
            Unreadable: it is not well-formed, or too much of it.
        """
        self._source = source
        self._left = MAX_LOOKS * len(source)
        try:
            self._leaves = self._read(source, (), MAX_DEPTH)
        except NotProtobuf:
            raise Unreadable(Code.BODY_BINARY) from None

    def leaves(self) -> Sequence[Leaf]:
        return self._leaves

    def replace(self, changes: Mapping[Path, str]) -> bytes:
        if changes:
            raise NotRewritable(Code.REWRITE_NO_PLACE)
        return self._source

    def _read(self, message: bytes, path: Path, depth: int) -> list[Leaf]:
        """The texts of a message.

        Raises:
            NotProtobuf: it is none.
            Unreadable: there are more texts than are read.
        """
        self._left -= len(message)
        if depth == 0 or self._left < 0:
            raise NotProtobuf
        leaves: list[Leaf] = []
        for place, field in enumerate(fields(message)):
            leaves += self._leaves_of(field.value, (*path, place, field.number), depth)
            if len(leaves) > MAX_LEAVES:
                raise Unreadable(Code.BODY_TOO_MANY_TEXTS)
        return leaves

    def _leaves_of(self, value: int | bytes, path: Path, depth: int) -> list[Leaf]:
        if isinstance(value, int):
            text = numbers.text_of(value, named=False) if value < 1 << 63 else ""
            return [Leaf(path, text)] if text else []
        if not value:
            return []
        text = _string(value)
        if text and not _CONTROLS.search(text):
            return [Leaf(path, text)]
        try:
            return self._read(value, path, depth - 1)
        except NotProtobuf:
            return [Leaf(path, text)] if text else _leaves_of_bytes(value, path)


def fields(message: bytes) -> Iterator[_Field]:
    """The fields of a message, in their order.

    Raises:
        NotProtobuf: it is not well-formed.
    """
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        number, wire_type = tag >> 3, tag & 7
        if not 0 < number < _MAX_FIELD:
            raise NotProtobuf
        if wire_type == _VARINT:
            value, position = _varint(message, position)
            yield _Field(number, value)
            continue
        if wire_type == _LENGTH:
            size, position = _varint(message, position)
        elif wire_type in (_FIXED_64, _FIXED_32):
            size = 8 if wire_type == _FIXED_64 else 4
        else:
            raise NotProtobuf
        if size > len(message) - position:
            raise NotProtobuf
        yield _Field(number, message[position : position + size] if wire_type == _LENGTH else 0)
        position += size


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """A number, and where it ends: seven bits a byte, the lowest first, ten bytes at most."""
    value = 0
    for shift, byte in enumerate(data[position : position + 10]):
        value |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            return value, position + shift + 1
    raise NotProtobuf


def _leaves_of_bytes(value: bytes, path: Path) -> list[Leaf]:
    """What is neither a text nor a message: its bytes, and what of them reads as text."""
    leaves = [Leaf(path, base64.b64encode(value).decode())]
    if runs := _RUNS.findall(value):
        leaves.append(Leaf((*path, "text"), b"\n".join(runs).decode("ascii")))
    return leaves


def _string(data: bytes) -> str:
    """The text in UTF-8; empty where it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return ""
