"""Text files as text, whatever encoding they are in."""

from __future__ import annotations

import codecs
from pathlib import Path

from promptguard.errors import Unreadable
from promptguard.reasons import Code

MAX_FILE_LENGTH = 64 << 20
"""Bytes. A longer file is refused."""

# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PROBE = 4096
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\v\x1b")


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, UTF-16, UTF-32 or, where it is none of these, Latin-1 as Windows has it (CP 1252).

    Raises:
        Unreadable: it is no text, is too long or cannot be read.
    """
    return decode(read_content(path))


def read_content(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        Unreadable: it is too long or cannot be read.
    """
    try:
        if path.stat().st_size > MAX_FILE_LENGTH:
            raise Unreadable(Code.TEXT_TOO_LARGE, megabytes=MAX_FILE_LENGTH >> 20)
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(Code.TEXT_NOT_READABLE, error=error.strerror or type(error).__name__) from None


def decode(content: bytes) -> str:
    """As `read_text`, of a file's content.

    Raises:
        Unreadable: it is no text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content[len(mark) :], encoding)
    probe = content[:_PROBE]
    if 0 in probe:
        # Half of the bytes of Western text in UTF-16 are NUL, all at the same side.
        even, odd = probe[::2].count(0), probe[1::2].count(0)
        if max(even, odd) < len(probe) // 5 or min(even, odd) > len(probe) // 50:
            raise Unreadable(Code.TEXT_BINARY)
        return _decoded(content, "utf-16-le" if odd > even else "utf-16-be")
    if sum(byte in _CONTROLS for byte in probe) > len(probe) // 50:
        raise Unreadable(Code.TEXT_BINARY)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable(Code.TEXT_BROKEN, charset=encoding) from None
