"""JSON source to values and back (RFC 8259), so that what is not changed stays what it was.

Compact source, as nearly all clients send it, is read by orjson: if orjson writes the same bytes again, then nothing
was lost in reading. Any other source takes a slower way which keeps the literals of numbers, lone surrogates, and
refuses what two readers may read differently: member names that occur twice in an object.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any

import orjson

from promptguard.errors import Unreadable
from promptguard.reasons import Code, Reason


class NotJson(Unreadable):
    """The source is no JSON at all; it may be some other text."""

    def __init__(self, reason: Code | Reason = Code.JSON_INVALID) -> None:
        super().__init__(reason)


class Number:
    """A number as it stands in the source: no digit of it is lost in a float."""

    __slots__ = ("literal",)

    def __init__(self, literal: str) -> None:
        self.literal = literal


def parse(source: bytes) -> Any:
    """The value of UTF-8 source. Its numbers are `Number` where the source was not in orjson's own form.

    Raises:
        NotJson: it is no JSON.
        Unreadable: it is JSON, but too deep or with a member name twice in an object.
    """
    try:
        value = orjson.loads(source)
        if orjson.dumps(value) == source:
            return value
    except orjson.JSONDecodeError as error:
        if error.msg.startswith("depth limit exceeded"):
            raise Unreadable(Code.JSON_TOO_DEEP) from None
    except orjson.JSONEncodeError:
        pass  # deeper than it writes, though not deeper than it reads
    try:
        text = source.decode()
    except UnicodeDecodeError:
        raise NotJson from None
    return parse_text(text)


def parse_text(text: str) -> Any:
    """As `parse`, for source that is decoded already; all numbers are `Number`."""
    try:
        return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number, object_pairs_hook=_object)
    except RecursionError:
        raise Unreadable(Code.JSON_TOO_DEEP) from None
    except ValueError:
        raise NotJson from None


def write(value: Any) -> bytes:
    """Compact UTF-8 source of a value that `parse` returned."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # it holds a `Number` or a lone surrogate, or is deep
        return write_text(value).encode()


def write_text(value: Any) -> str:
    """As `write`, for any depth and all that `parse_text` returns."""
    out: list[str] = []
    open_containers: list[tuple[Iterator[Any], str]] = []
    separator = ""
    current: Any = value
    while True:
        out.append(separator)
        if isinstance(current, dict):
            out.append("{")
            open_containers.append((iter(current.items()), "}"))
            separator = ""
        elif isinstance(current, list):
            out.append("[")
            open_containers.append((iter(current), "]"))
            separator = ""
        else:
            out.append(_scalar(current))
            separator = ","
        while open_containers:
            items, end = open_containers[-1]
            try:
                current = next(items)
            except StopIteration:
                out.append(end)
                open_containers.pop()
                separator = ","
                continue
            if end == "}":
                name, current = current
                separator += _string(name) + ":"
            break
        else:
            return "".join(out)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Number):
        return value.literal
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return orjson.dumps(value).decode()


def _string(text: str) -> str:
    """UTF-8 where it can be, escapes where a lone surrogate asks for them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return encode_basestring_ascii(text)
    return encode_basestring(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable(Code.JSON_DUPLICATE_MEMBER)
    return members
