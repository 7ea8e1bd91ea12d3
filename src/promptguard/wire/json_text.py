"""JSON in and out, such that a message of an answer says the same after one string in it was replaced."""

from __future__ import annotations

import json
import math
import re
import secrets
from collections.abc import Iterator
from typing import Any, Final

import orjson

from promptguard.model import Path

_DIGITS = bytes(ord("0") if ord("0") <= byte <= ord("9") else ord(" ") for byte in range(256))
_LONG_INTEGER = b"0" * 19
"""An integer that may have more than 64 bits, which orjson would make a float."""

_MARK: Final = secrets.token_hex(16)
"""Stands before a literal where only strings can be written; nobody else can know it."""
_MARKED: Final = re.compile(rf'"{_MARK}([^"]*)"')


class Unbounded:
    """A number that no double holds, as it stands in the source: `1e400`, `NaN`."""

    __slots__ = ("literal",)

    def __init__(self, literal: str) -> None:
        self.literal = literal


def parse(source: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is no JSON, or nested too deeply to be read.
    """
    try:
        if _LONG_INTEGER not in source.translate(_DIGITS):
            return orjson.loads(source)
    except ValueError:
        pass  # the standard library also reads lone surrogates, NaN and a byte order mark
    try:
        return json.loads(source, parse_float=_float, parse_constant=Unbounded)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
    except ValueError:
        raise ValueError("no JSON") from None  # the original error carries the text


def dump(value: Any) -> bytes:
    """A value as compact JSON.

    Raises:
        ValueError: it is nested too deeply to be written.
    """
    try:
        return orjson.dumps(value, default=_fragment)
    except TypeError:
        pass  # lone surrogates, integers of more than 64 bits, nesting
    try:
        text = json.dumps(value, separators=(",", ":"), default=_marked)
        return _MARKED.sub(r"\1", text).encode("ascii")
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None


def _float(literal: str) -> float | Unbounded:
    value = float(literal)
    return value if math.isfinite(value) else Unbounded(literal)


def _fragment(value: object) -> orjson.Fragment:
    if not isinstance(value, Unbounded):
        raise TypeError
    return orjson.Fragment(value.literal)


def _marked(value: object) -> str:
    if not isinstance(value, Unbounded):
        raise TypeError
    return _MARK + value.literal


def string_at(value: Any, path: Path) -> str | None:
    """The string at a path; None where there is none."""
    try:
        for step in path:
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return None
    return value if isinstance(value, str) else None


def with_string(value: Any, path: Path, text: str) -> Any:
    """The value with another string at a path that exists; changed in place, unless the path is the root."""
    if not path:
        return text
    parent = value
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = text
    return value


def strings(value: Any) -> Iterator[tuple[Path, str]]:
    """All string values (not member names), each with its path, in the order in which they stand."""
    stack: list[tuple[Path, Any]] = [((), value)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            stack.extend(((*path, name), member) for name, member in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend(((*path, index), value[index]) for index in reversed(range(len(value))))
