"""From the frames of an answer to its messages, and to the bodies within them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from promptguard.model import Nested
from promptguard.wire import json_text
from promptguard.wire.framings import Frame

_BEGINS_WITH_PLACEHOLDER: Final = re.compile(rb"\[[\w\x80-\xff *`\\.:-]*(?:\]|\Z)")
"""A payload that is no JSON array but text that begins with a placeholder in any spelling, or a piece of one."""


def read_message(frame: Frame) -> tuple[Any, bool]:
    """A frame's payload as a message, and whether that is plain text.

    Raises:
        ValueError: it is broken JSON, or text in another encoding than UTF-8.
    """
    assert frame.payload is not None
    data = frame.payload
    try:
        message = json_text.parse(data)
    except ValueError:
        is_text = data[:1] != b"{" and (data[:1] != b"[" or _BEGINS_WITH_PLACEHOLDER.match(data))
        if not (frame.may_be_text and is_text):
            raise
    else:
        if isinstance(message, str | dict | list) or not frame.may_be_text:
            return message, False
    # A piece of plain text may happen to be a number.
    return data.decode(), True


def messages_of(frames: Iterable[Frame]) -> Iterator[Any]:
    """What frames say; those that cannot be read are text."""
    for frame in frames:
        if frame.payload is None:
            continue
        try:
            yield read_message(frame)[0]
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
