"""Compressed data found within text, decompressed up to a limit."""

from __future__ import annotations

import zlib

GZIP = b"\x1f\x8b\x08"
"""RFC 1952 2.3.1, with the one compression method there is."""
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
"""RFC 1950 2.2: a 32 KB window, and the four levels."""


def is_compressed(data: bytes) -> bool:
    """Whether `data` begins like gzip or zlib."""
    return data.startswith((GZIP, *_ZLIB))


def looks_deflated(data: bytes) -> bool:
    """Whether `data` may be deflated without a header (RFC 1951 3.2.3): it has one block, or many.

    Of any data a third looks like that.
    """
    if len(data) < 4:
        return False
    dynamic = data[0] & 7 in {4, 5} and data[0] >> 3 < 30 and data[1] & 31 < 30
    return dynamic or data[0] & 7 == 3


def decompress(data: bytes, limit: int) -> bytes:
    """The first `limit` bytes of what gzip, zlib or raw deflate data holds; empty where it is none of them.

    What can be had of broken or cut-off data is returned.
    """
    if limit <= 0:
        return b""
    if data.startswith(GZIP):
        bits = zlib.MAX_WBITS | 16
    elif data.startswith(_ZLIB):
        bits = zlib.MAX_WBITS
    else:
        bits = -zlib.MAX_WBITS
    decompressor = zlib.decompressobj(bits)
    parts: list[bytes] = []
    length = 0
    # In small pieces, so that what was decompressed before an error is not lost.
    for start in range(0, len(data), _PIECE):
        try:
            part = decompressor.decompress(data[start : start + _PIECE], limit - length)
        except zlib.error:
            break
        parts.append(part)
        length += len(part)
        if length >= limit or decompressor.eof:
            break
    return b"".join(parts)


_PIECE = 4_096
