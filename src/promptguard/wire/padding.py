"""Another file in place of one whose length was told before: as long, or none."""

from __future__ import annotations

import struct
from typing import Final

from promptguard.wire.documents.media import has_signature

_ZIP: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_END_LENGTH: Final = 22
"""Bytes of the end of the directory without its comment (PKWARE APPNOTE, 4.3.16)."""
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_MAX_COMMENT: Final = 65_535


def padded(data: bytes, length: int) -> bytes | None:
    """A file that says the same and is so many bytes long; None where there is none.

    A text gets spaces at its end, a zip file a comment of spaces.
    """
    missing = length - len(data)
    if missing == 0:
        return data
    if missing < 0:
        return None
    if data.startswith(_ZIP):
        return _with_comment(data, missing)
    if has_signature(data):
        return None
    # One byte is a space in every charset but UTF-16 and UTF-32, in which a text has zero bytes or a mark.
    is_wide = b"\0" in data[:64] or data.startswith(_WIDE_MARKS)
    return None if is_wide else data + b" " * missing


def _with_comment(data: bytes, missing: int) -> bytes | None:
    end = data.rfind(_END)
    if end < 0 or missing > _MAX_COMMENT or len(data) != end + _END_LENGTH:
        return None
    return data[:-2] + struct.pack("<H", missing) + b" " * missing
