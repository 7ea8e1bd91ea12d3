"""From the frames of an answer to its messages, and to the bodies within them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from promptguard.model import Nested
from promptguard.wire import json_text
from promptguard.wire.framings import Frame
from promptguard.wire.protobuf import AnswerMessage, NotProtobuf

_BEGINS_WITH_PLACEHOLDER: Final = re.compile(rb"\[[\w\x80-\xff *`\\.:-]*(?:\]|\Z)")
"""A payload that is no JSON array but text that begins with a placeholder in any spelling, or a piece of one."""


class Message(NamedTuple):
    """What a frame says."""

    value: Any
    write: Callable[[Any], bytes]
    """Another value of the same form as a payload of the same kind. Raises `ValueError` where it cannot be written."""
    kind: str
    """A letter: JSON, plain text or protocol buffers."""


def read_message(frame: Frame) -> Message:
    """A frame's payload as a message; one of protocol buffers is a tree of its texts.

    Raises:
        ValueError: it is broken JSON, or text in another encoding than UTF-8.
    """
    assert frame.payload is not None
    data = frame.payload
    try:
        message = json_text.parse(data)
    except ValueError:
        if frame.may_be_protobuf:
            return _read_protobuf(data)
        is_text = data[:1] != b"{" and (data[:1] != b"[" or _BEGINS_WITH_PLACEHOLDER.match(data))
        if not (frame.may_be_text and is_text):
            raise
    else:
        if isinstance(message, str | dict | list) or not frame.may_be_text:
            return Message(message, json_text.dump, "j")
    # A piece of plain text may happen to be a number.
    return Message(data.decode(), _write_text, "t")


def _read_protobuf(data: bytes) -> Message:
    try:
        message = AnswerMessage(data)
    except NotProtobuf:
        raise ValueError("neither JSON nor protocol buffers") from None
    return Message(message.tree, message.written, "p")


def _write_text(text: Any) -> bytes:
    return str(text).encode("utf-8", "replace")


def messages_of(frames: Iterable[Frame]) -> Iterator[Any]:
    """What frames say; those that cannot be read are text."""
    for frame in frames:
        if frame.payload is None:
            continue
        try:
            yield read_message(frame).value
        except ValueError:
            yield frame.payload.decode("utf-8", "replace")


def nested_data(text: str, nested: Nested) -> bytes | None:
    """The bytes that a string holds; None where it is no base64 though it should be."""
    if not nested.base64:
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def nested_text(data: bytes, nested: Nested) -> str:
    """The string that holds other bytes."""
    return base64.b64encode(data).decode() if nested.base64 else data.decode("utf-8", "surrogatepass")
