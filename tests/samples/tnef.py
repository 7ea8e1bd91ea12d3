"""`winmail.dat` files ([MS-OXTNEF]), attribute by attribute."""

from __future__ import annotations

import struct

SIGNATURE = bytes.fromhex("789f3e22") + b"\x01\0"
MAIL, ATTACHMENT = 1, 2


def tnef(*attributes: bytes, after: bytes = b"") -> bytes:
    return SIGNATURE + b"".join(attributes) + after


def attribute(level: int, kind: int, content: bytes) -> bytes:
    return struct.pack("<BII", level, kind, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)


def row(*properties: bytes) -> bytes:
    return struct.pack("<I", len(properties)) + b"".join(properties)


def wide(tag: int, text: str, *, name: str = "") -> bytes:
    return _variable(0x001F, tag, f"{text}\0".encode("utf-16-le"), name)


def narrow(tag: int, text: bytes) -> bytes:
    return _variable(0x001E, tag, text + b"\0")


def binary(tag: int, content: bytes) -> bytes:
    return _variable(0x0102, tag, content)


def item(tag: int, content: bytes) -> bytes:
    """An object, with the identifier of its interface."""
    return _variable(0x000D, tag, bytes(16) + content)


def number(tag: int, value: int) -> bytes:
    return struct.pack("<HHI", 0x0003, tag, value)


def numbers(tag: int, *values: int) -> bytes:
    return struct.pack(f"<HHI{len(values)}I", 0x1003, tag, len(values), *values)


def _variable(kind: int, tag: int, content: bytes, name: str = "") -> bytes:
    named = f"{name}\0".encode("utf-16-le")
    told = bytes(16) + struct.pack("<I", 1) + _padded(named) if name else b""
    return struct.pack("<HH", kind, tag) + told + struct.pack("<I", 1) + _padded(content)


def _padded(content: bytes) -> bytes:
    return struct.pack("<I", len(content)) + content + bytes(-len(content) % 4)
