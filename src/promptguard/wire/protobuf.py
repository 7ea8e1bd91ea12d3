"""Protocol buffers without their schema (protobuf.dev/programming-guides/encoding): fields, and what one of them holds.

What a length-delimited field holds is not said. Printable UTF-8 is a string; what is well-formed is a message; all else
is bytes. Some bytes are both: of those, the reading is taken that is far more likely, or none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

VARINT: Final = 0
FIXED_64: Final = 1
LENGTH: Final = 2
FIXED_32: Final = 5
"""Wire types; groups (3 and 4) are of no service."""

MAX_DEPTH: Final = 64
"""Messages within each other; protocol buffers' own libraries read 100."""

MAX_AHEAD: Final = 8
"""Messages within each other, and fields of one, that are looked into to tell a message from a text."""

_MAX_FIELD: Final = 1 << 29
"""Field numbers have 29 bits."""

_BINARY: Final = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\x1b(?!\[)")
"""What is in few texts, and in nearly every tag with its length or number. Escape sequences (ECMA-48) are in texts."""

_WORDS: Final = re.compile(
    rb"[A-Za-z](?:[a-z][a-z\s'.,:;!?()_=-]|[A-Z][A-Z\s'.,:;!?()_=-]|\s|'[a-z]|[).:,;!?]\s|[_=(.-])"
    rb"|[\"*][\w\s*]|[:2][\w\s.,:()-]"
)
"""How words begin, a quotation, a list or a number."""

_FIRST_FIELD: Final = 1 << 3 | LENGTH
"""The tag of a string in field 1: as a text, a line feed."""

_MANY_NUMBERS: Final = 8
"""So many numbers that are printable are a text that repeats a character: a rule, an indentation."""

_MAX_UNSURE: Final = 16
"""Bytes up to which what is both a text and a message is a text in an answer: no placeholder fits in that message."""


class NotProtobuf(Exception):
    """The bytes are no well-formed message."""


class WireField(NamedTuple):
    """One field of a message, and where it stands in it."""

    number: int
    wire_type: int
    value: int | bytes
    """A varint, or what is length-delimited or of fixed length."""
    start: int
    tag_end: int
    value_start: int
    end: int


class Content(NamedTuple):
    """What a length-delimited field may hold. Neither text nor fields: bytes."""

    text: str = ""
    fields: Sequence[WireField] | None = None
    """Those of the message."""
    is_message: bool = False
    """Of two readings, the message is the right one."""

    @property
    def is_text(self) -> bool:
        """There is no other reading."""
        return bool(self.text) and self.fields is None

    @property
    def is_unsure(self) -> bool:
        """There are two readings, and none is much likelier."""
        return bool(self.text) and self.fields is not None and not self.is_message


def fields(message: bytes) -> list[WireField]:
    """The fields of a message, in their order.

    Raises:
        NotProtobuf: it is not well-formed.
    """
    found: list[WireField] = []
    position, size = 0, len(message)
    while position < size:
        start = position
        tag, position = _varint(message, position)
        number, wire_type, tag_end = tag >> 3, tag & 7, position
        if not 0 < number < _MAX_FIELD:
            raise NotProtobuf
        if wire_type == VARINT:
            value, position = _varint(message, position)
            found.append(WireField(number, VARINT, value, start, tag_end, tag_end, position))
            continue
        if wire_type == LENGTH:
            length, position = _varint(message, position)
        elif wire_type in (FIXED_64, FIXED_32):
            length = 8 if wire_type == FIXED_64 else 4
        else:
            raise NotProtobuf
        value_start, position = position, position + length
        if position > size:
            raise NotProtobuf
        found.append(WireField(number, wire_type, message[value_start:position], start, tag_end, value_start, position))
    return found


def content_of(value: bytes, ahead: int = MAX_AHEAD) -> Content:
    """What a length-delimited field that is not empty holds, known by what is `ahead` messages within it at most."""
    text = _string(value)
    try:
        inner = fields(value)
    except NotProtobuf:
        return Content(text)
    if not text:
        return Content("", inner, True)
    binary = sum(_is_binary(value, each) for each in inner)
    if 2 * binary >= len(inner):
        return Content("", inner, True)
    numbers = sum(each.wire_type != LENGTH for each in inner)
    if len(inner) == numbers or (numbers >= _MANY_NUMBERS and _MANY_NUMBERS * binary <= len(inner)):
        return Content(text)
    told = 4 * binary >= len(inner) or _tells(inner, value) or _tells_within(inner, value, ahead)
    return Content(text, inner, told)


def _is_binary(message: bytes, field: WireField) -> bool:
    """Whether the tag of a field with its length, or its number, has a byte in it that is in few texts."""
    end = field.end if field.wire_type == VARINT else field.value_start
    found = _BINARY.search(message[field.start : end + 1])
    return found is not None and field.start + found.start() < end


def _tells(inner: Sequence[WireField], value: bytes) -> bool:
    """Whether printable bytes are a message all the same.

    It takes several texts whose lengths lead from one to the next and to the end; or a single one, and a tag, a length
    and a first character with which no words begin.
    """
    if any(each.wire_type != LENGTH or not each.value for each in inner):
        return False
    if len(inner) > 1:
        return True
    # Of the texts that begin with a line feed, one in a hundred has a character behind it whose code is the number of
    # those that follow.
    return value[1] > 0x20 if value[0] == _FIRST_FIELD else not _WORDS.match(value)


def _tells_within(inner: Sequence[WireField], value: bytes, ahead: int) -> bool:
    """Whether bytes that are in few texts belong to a message further in: streams say a few letters at a time."""
    if not ahead or len(inner) > MAX_AHEAD or not _BINARY.search(value):
        return False
    texts = [each.value for each in inner if isinstance(each.value, bytes) and each.value]
    return len(texts) == len(inner) and any(content_of(text, ahead - 1).is_message for text in texts)


def varint(number: int) -> bytes:
    """A number in as few bytes as it takes: seven bits each, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


class AnswerMessage:
    """A message of an answer: its texts as a tree by the numbers of the fields, and back into bytes.

    The tree is JSON's: `{"1": "text", "2": {"1": "within"}, "1.1": "field 1 again"}`. All else is kept beside it.
    """

    def __init__(self, source: bytes) -> None:
        """Read a message.

        Raises:
            NotProtobuf: it is not well-formed.
        """
        self._source = source
        self._inner: dict[int, AnswerMessage] = {}
        self._fields: list[tuple[str, WireField]] = []
        self.tree: dict[str, Any] = {}
        self._read(fields(source), MAX_DEPTH)

    def written(self, tree: Any) -> bytes:
        """The message with the texts of a tree of the same form."""
        out = bytearray()
        for place, (name, field) in enumerate(self._fields):
            value = field.value
            if name in self.tree:
                inner = self._inner.get(place)
                value = inner.written(tree[name]) if inner else tree[name].encode("utf-8", "replace")
            if value == field.value or not isinstance(value, bytes):
                out += self._source[field.start : field.end]
            else:
                out += self._source[field.start : field.tag_end] + varint(len(value)) + value
        return bytes(out)

    @classmethod
    def _of(cls, source: bytes, inner: Sequence[WireField], depth: int) -> AnswerMessage:
        message = cls.__new__(cls)
        message._source, message._inner, message._fields, message.tree = source, {}, [], {}
        message._read(inner, depth)
        return message

    def _read(self, inner: Sequence[WireField], depth: int) -> None:
        seen: dict[int, int] = {}
        for place, field in enumerate(inner):
            count = seen[field.number] = seen.get(field.number, -1) + 1
            name = f"{field.number}.{count}" if count else str(field.number)
            self._fields.append((name, field))
            if field.wire_type != LENGTH or not isinstance(field.value, bytes):
                continue
            content = content_of(field.value) if field.value else Content()
            if content.is_message and content.fields is not None and depth:
                self._inner[place] = self._of(field.value, content.fields, depth - 1)
                self.tree[name] = self._inner[place].tree
            elif content.is_text or (content.is_unsure and len(field.value) <= _MAX_UNSURE):
                self.tree[name] = content.text


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """A number, and where it ends: seven bits a byte, the lowest first, ten bytes at most."""
    value = 0
    for shift, byte in enumerate(data[position : position + 10]):
        value |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            return value, position + shift + 1
    raise NotProtobuf


def _string(data: bytes) -> str:
    """The text in UTF-8; empty where it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return ""
