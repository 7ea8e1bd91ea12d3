"""Texts and other bytes that stand in JSON as numbers: `[72, 101, …]`, `{"0": 72, "1": 101, …}`, one character each.

JavaScript writes typed arrays and `Buffer` so, Java and Go byte arrays, CryptoJS words of 32 bits.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

from promptguard.wire.documents.json_source import Number

MIN_ELEMENTS: Final = 8
"""Numbers: fewer say nothing that is worth hiding."""

MIN_WORDS: Final = 4
"""The same of words of 32 bits."""

MIN_BYTES: Final = 24
"""Bytes that are listed in base64 where they are no text."""

MAX_ELEMENTS: Final = 4 * 1024 * 1024

_NESTED: Final = 3
"""Arrays within each other whose numbers are read as one row."""

_LETTERS: Final = re.compile(r"[^\W\d_]{3}|[A-Za-z0-9]{12}")
_CONTROLS: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NUMBER: Final = re.compile(r"-?\d{1,3}(?:\.0)?")
_HEX: Final = re.compile(r"(?:0[xX])?[0-9A-Fa-f]{2}")


def text_of(elements: Sequence[Any]) -> str:
    """What an array of numbers says: the text, or its bytes in base64. Empty where it is no such array."""
    if elements and type(elements[0]) is list:
        elements = _flattened(elements)
    values = _values(elements)
    if isinstance(values, str):
        return values
    if len(values) < MIN_WORDS:
        return ""
    low, high = min(values), max(values)
    if low >= -128 and high <= 255:
        return _of_bytes(bytes(value & 0xFF for value in values)) if len(values) >= MIN_ELEMENTS else ""
    if low >= 0x20202020 and high < 1 << 32:
        return _of_words(values)
    if low >= 0 and high <= 0x10FFFF and sum(value < 256 for value in values) * 10 >= 9 * len(values):
        return _if_written("".join(map(chr, values)))
    return ""


def text_of_members(members: Mapping[str, Any]) -> str:
    """The same of an object whose members are numbered from 0, as typed arrays are."""
    if "0" not in members or len(members) < MIN_ELEMENTS:
        return ""
    if any(name != str(place) for place, name in enumerate(members)):
        return ""
    return text_of(list(members.values()))


def _flattened(rows: Sequence[Any]) -> Sequence[Any]:
    for _ in range(_NESTED):
        if not rows or type(rows[0]) is not list:
            break
        if any(type(row) is not list for row in rows):
            return [element for row in rows if type(row) is list for element in row]
        if sum(map(len, rows)) > MAX_ELEMENTS:
            return ()
        rows = list(chain.from_iterable(rows))
    return rows


def _values(elements: Sequence[Any]) -> list[int] | str:
    """The elements as whole numbers, none where one is no such number; the text where each is one character."""
    if len(elements) < MIN_WORDS:
        return []
    first = elements[0]
    if type(first) is int:
        return list(elements) if all(type(each) is int for each in elements) else []
    if isinstance(first, str):
        return _of_strings(elements)
    if not isinstance(first, float | Number):
        return []
    literals = [each.literal if isinstance(each, Number) else repr(each) for each in elements]
    try:
        numbers = [float(literal) for literal in literals]
    except ValueError:
        return []
    return [int(number) for number in numbers] if all(number.is_integer() for number in numbers) else []


def _of_strings(elements: Sequence[Any]) -> list[int] | str:
    if len(elements) < MIN_ELEMENTS or not all(isinstance(each, str) and len(each) <= 5 for each in elements):
        return []
    if all(len(each) == 1 for each in elements):
        return _if_written("".join(elements))
    if all(map(_NUMBER.fullmatch, elements)):
        return [int(float(each)) for each in elements]
    return [int(each, 16) for each in elements] if all(map(_HEX.fullmatch, elements)) else []


def _of_bytes(data: bytes) -> str:
    for charset in ("utf-8", "latin-1"):
        try:
            text = _if_written(data.decode(charset))
        except UnicodeDecodeError:
            continue
        if text:
            return text
    return base64.b64encode(data).decode() if len(data) >= MIN_BYTES else ""


def _of_words(words: Sequence[int]) -> str:
    big = b"".join(word.to_bytes(4) for word in words)
    little = b"".join(word.to_bytes(4, "little") for word in words)
    readings = [_if_written(data.rstrip(b"\0").decode("latin-1")) for data in (big, little) if data.isascii()]
    return "\n".join(filter(None, readings))


def _if_written(text: str) -> str:
    """A text that people may have written; empty for any other."""
    return "" if _CONTROLS.search(text) or not _LETTERS.search(text) else text
