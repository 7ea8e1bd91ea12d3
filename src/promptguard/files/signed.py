"""The content of signed messages (CMS, RFC 5652, 5.2), which stands in them as it is."""

from __future__ import annotations

from typing import Final, NamedTuple

_SIGNED_DATA: Final = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _SET, _OBJECT_ID, _OCTETS, _CONTEXT = 0x30, 0x31, 0x06, 0x04, 0xA0
_CONSTRUCTED: Final = 0x20
_MAX_DEPTH: Final = 20


class _Element(NamedTuple):
    tag: int
    content: bytes
    end: int
    """Where the next one begins."""


def signed_content(message: bytes) -> bytes | None:
    """What was signed; None where it is no such message, or its content stands elsewhere.

    Raises:
        IndexError, RecursionError: it is damaged.
    """
    info = _elements(_element(message, 0).content)
    if len(info) < 2 or info[0].content != _SIGNED_DATA:
        return None
    signed = _elements(_elements(info[1].content)[0].content)
    inner = next((each for each in signed[1:] if each.tag == _SEQUENCE), None)
    if inner is None:
        return None
    parts = _elements(inner.content)
    return _octets(_elements(parts[1].content)[0]) if len(parts) > 1 else None


def _octets(element: _Element) -> bytes:
    if element.tag & _CONSTRUCTED:
        return b"".join(map(_octets, _elements(element.content)))
    return element.content


def _elements(content: bytes) -> list[_Element]:
    found = []
    position = 0
    while position < len(content):
        element = _element(content, position)
        if element.tag == 0:
            break
        found.append(element)
        position = element.end
    return found


def _element(data: bytes, position: int, depth: int = 0) -> _Element:
    """One element of BER (ITU-T X.690, 8.1), of a definite or indefinite length."""
    if depth > _MAX_DEPTH:
        raise IndexError
    tag, length = data[position], data[position + 1]
    start = position + 2
    if length == 0x80:
        at = start
        while data[at : at + 2] != b"\0\0":
            at = _element(data, at, depth + 1).end
            if at >= len(data):
                raise IndexError
        return _Element(tag, data[start:at], at + 2)
    if length & 0x80:
        size = length & 0x7F
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    return _Element(tag, data[start : start + length], start + length)
