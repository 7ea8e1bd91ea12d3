"""Files that stand in texts as lines of `begin 644 name`, encoded characters, `end` (POSIX uuencode)."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.reasons import Code

_BLOCK: Final = re.compile(
    r"^begin(?P<is_base64>-base64)? [0-7]{3,4} (?P<name>[^\r\n]{1,255})\r?\n(?P<lines>.*?)^(?:end|====)[ \t]*\r?$",
    re.MULTILINE | re.DOTALL,
)


def read(text: str, out: Extraction) -> None:
    """Read the files in a text.

    Raises:
        CannotRead: a bound on all of the file was reached.
    """
    if "begin" not in text:
        return
    for block in _BLOCK.finditer(text):
        with out.missing():
            name = block["name"].strip()
            out.add(name, "attachments")
            out.within(Source(_decoded(block["lines"], is_base64=bool(block["is_base64"])), name), name)


def _decoded(lines: str, *, is_base64: bool) -> bytes:
    try:
        if is_base64:
            return base64.b64decode(lines)
        return b"".join(map(_line, lines.split("\n")))
    except (binascii.Error, ValueError):
        raise CannotRead(Code.FILE_DAMAGED) from None


def _line(line: str) -> bytes:
    encoded = line.strip("\r\n").encode("ascii")
    if not encoded or encoded == b"`":
        return b""
    try:
        return binascii.a2b_uu(encoded)
    except binascii.Error:  # some programs write padding after the line's end
        length = ((encoded[0] - 32) & 63) * 4 + 5
        return binascii.a2b_uu(encoded[: length // 3])
