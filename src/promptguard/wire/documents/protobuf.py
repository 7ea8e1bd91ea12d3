"""Protocol buffers without their schema as bodies and messages: every field is read, and texts are written back.

Bytes are listed in base64: what they hold, and whether that can be read, is for others to say. What may be a text as
well as a message is read as both. It is written only where one reading is right: a field written as what it is not
would have a wrong length in it.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import Path
from promptguard.reasons import Code
from promptguard.wire.documents import numbers
from promptguard.wire.documents.interface import MAX_LEAVES, Change, Document, Leaf, text_of
from promptguard.wire.documents.packed import MIN_BYTES, packed_numbers
from promptguard.wire.documents.packed import text_of as text_of_numbers
from promptguard.wire.protobuf import (
    FIXED_64,
    LENGTH,
    MAX_DEPTH,
    VARINT,
    NotProtobuf,
    WireField,
    content_of,
    fields,
    varint,
)

MAX_LOOKS: Final = 8
"""How often all bytes of a message may be looked at, in messages within each other: time stays linear."""

_RUNS: Final = re.compile(rb"[ -~]{6,}")
"""Texts among other bytes."""

_MAX_INTEGER: Final = 10**18
"""Numbers of eight bytes from here on are fractions: no usual fraction has less, read as an integer."""

_COUNTS: Final = re.compile(rb"[\0-\x08\x0e-\x1f\x7f]+")

_AS_NUMBERS: Final = "numbers"
_VECTOR: Final = "embedding"
"""What bytes that are numbers are called: a name under which nobody looks for words, and all that can be read is."""

_AS_TEXT: Final = "text"
"""The last step of a path to what is besides something else."""


class ProtobufDocument(Document):
    """One message. A path is the numbers of the fields, each behind which one of its message it is."""

    content_type = "application/x-protobuf"
    body = None

    def __init__(self, source: bytes) -> None:
        """Read a message.

        Raises:
            Unreadable: it is not well-formed, or too much of it.
        """
        self._source = source
        self._left = MAX_LOOKS * len(source)
        self._written_as_text: set[Path] = set()
        """Paths of the texts that can be written."""
        self._other_readings: dict[Path, str] = {}
        """Texts, by their paths, that are messages in all likelihood; the same words are listed as those' texts."""
        try:
            self._leaves = list(self._read(self._take(source, MAX_DEPTH), (), MAX_DEPTH))
        except NotProtobuf:
            raise Unreadable(Code.BODY_BINARY) from None

    def leaves(self) -> Sequence[Leaf]:
        return self._leaves

    def replace(self, changes: Mapping[Path, Change]) -> bytes:
        if not changes:
            return self._source
        texts = {path: text_of(change) for path, change in changes.items()}
        own = {path: text for path, text in texts.items() if path not in self._other_readings}
        if not own.keys() <= self._written_as_text:
            raise NotRewritable(Code.REWRITE_NO_PLACE)
        tree = _tree(own)
        for path, text in texts.items():
            if path in self._other_readings and text != self._other_reading(path, tree):
                raise NotRewritable(Code.REWRITE_NO_PLACE)
        written = _spliced(self._source, tree, mend=True)
        if not self._says_the_same(written, own):
            raise NotRewritable(Code.REWRITE_NO_PLACE)
        return written

    def _take(self, message: bytes, depth: int) -> Sequence[WireField]:
        self._left -= len(message)
        if depth == 0 or self._left < 0:
            raise NotProtobuf
        return fields(message)

    def _read(self, inner: Sequence[WireField], path: Path, depth: int, *, writable: bool = True) -> Iterator[Leaf]:
        """The texts of a message.

        Raises:
            Unreadable: there are more texts than are read.
        """
        count = 0
        for place, field in enumerate(inner):
            for leaf in self._leaves_of(field, (*path, place, field.number), depth, writable):
                yield leaf
                count += 1
            if count > MAX_LEAVES:
                raise Unreadable(Code.BODY_TOO_MANY_TEXTS)

    def _leaves_of(self, field: WireField, path: Path, depth: int, writable: bool) -> Iterator[Leaf]:
        value = field.value
        if field.wire_type != LENGTH or isinstance(value, int):
            if text := _digits(field):
                yield Leaf(path, text)
            return
        if not value:
            return
        content = content_of(value)
        if content.is_text:
            if writable:
                self._written_as_text.add(path)
            yield Leaf(path, content.text, _VECTOR if _is_row_of_counts(value) else "")
            return
        if content.fields is not None:
            self._left -= len(value)
            if depth > 1 and self._left >= 0:
                if content.text:
                    yield Leaf((*path, _AS_TEXT), content.text)
                if content.text and content.is_message:
                    self._other_readings[(*path, _AS_TEXT)] = content.text
                yield from self._read(content.fields, path, depth - 1, writable=writable and content.is_message)
                return
        yield from [Leaf(path, content.text)] if content.text else _leaves_of_bytes(value, path)

    def _other_reading(self, path: Path, tree: Mapping[Any, Any]) -> str:
        """What a text at a path would be if only what changes in the message that it is had changed in it."""
        value: bytes = self._source
        for place in path[:-1:2]:
            inner = fields(value)[int(place)].value
            tree = tree.get(place, {})
            assert isinstance(inner, bytes)
            value = inner
        return _spliced(value, tree, mend=False).decode("utf-8", "replace")

    def _says_the_same(self, written: bytes, changes: Mapping[Path, str]) -> bool:
        """Whether a message reads as this one does, but for the texts that were to change."""
        try:
            again = ProtobufDocument(written)
        except Unreadable:
            return False
        expected = [leaf._replace(text=changes.get(leaf.path, leaf.text)) for leaf in self._own_leaves()]
        return again._own_leaves() == [leaf for leaf in expected if leaf.text]

    def _own_leaves(self) -> list[Leaf]:
        return [leaf for leaf in self._leaves if leaf.path not in self._other_readings]


def _tree(changes: Mapping[Path, str]) -> dict[Any, Any]:
    """Changes by which field of its message each stands in."""
    tree: dict[Any, Any] = {}
    for path, text in changes.items():
        inner = tree
        for place in path[:-2:2]:
            inner = inner.setdefault(place, {})
        inner[path[-2]] = text
    return tree


def _spliced(message: bytes, changes: Mapping[Any, Any], *, mend: bool) -> bytes:
    """A message with other texts in some fields, and with lengths that fit unless they are to stay."""
    out = bytearray()
    position = 0
    inner = fields(message)
    for place in sorted(changes):
        field, change = inner[place], changes[place]
        assert isinstance(field.value, bytes)
        value = change.encode("utf-8") if isinstance(change, str) else _spliced(field.value, change, mend=mend)
        head = message[field.start : field.tag_end] + varint(len(value)) if mend else b""
        out += message[position : field.start] + head if mend else message[position : field.value_start]
        out += value
        position = field.end
    return bytes(out + message[position:])


def _digits(field: WireField) -> str:
    """What of a number is searched; whole numbers may be integers or fractions (IEEE 754) of eight bytes."""
    value = field.value
    if isinstance(value, int):
        return numbers.text_of(value, named=False) if field.wire_type == VARINT and value < 1 << 63 else ""
    if field.wire_type != FIXED_64:
        return ""
    integer = int.from_bytes(value, "little")
    number = integer if integer < _MAX_INTEGER else struct.unpack("<d", value)[0]
    return numbers.text_of(number, named=False) if number == number // 1 and abs(number) < _MAX_INTEGER else ""


def _is_row_of_counts(value: bytes) -> bool:
    """Whether what is a string too is rather small numbers, a byte each: hardly any of them is a character."""
    return len(value) >= MIN_BYTES and len(_COUNTS.sub(b"", value)) * 2 < len(value)


def _leaves_of_bytes(value: bytes, path: Path) -> list[Leaf]:
    """What is neither a text nor a message: its bytes, what of them reads as text, and what numbers in them say."""
    values = packed_numbers(value)
    leaves = [Leaf(path, base64.b64encode(value).decode(), _VECTOR if values else "")]
    if values and (text := text_of_numbers(values)):
        leaves.append(Leaf((*path, _AS_NUMBERS), text))
    if runs := _RUNS.findall(value):
        leaves.append(Leaf((*path, _AS_TEXT), b"\n".join(runs).decode("ascii")))
    return leaves
