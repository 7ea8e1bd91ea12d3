"""Files that stand in texts as lines of `begin 644 name`, encoded characters, `end` (POSIX uuencode)."""

from __future__ import annotations

import base64
import binascii
import itertools
import re
from collections.abc import Iterator
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.reasons import Code

_BEGIN: Final = re.compile(r"^begin(?P<is_base64>-base64)? [0-7]{3,4} (?P<name>[^\r\n]{1,255})\r?\n", re.MULTILINE)
_END: Final = re.compile(r"^(?:end|====)[ \t]*\r?$", re.MULTILINE)


def read(text: str, out: Extraction) -> None:
    """Read the files in a text; of one that does not end, what there is of it.

    Raises:
        CannotRead: a bound on all of the file was reached.
    """
    if "begin" not in text:
        return
    for begin, lines, is_ended in _blocks(text):
        with out.missing():
            content = _decoded(lines, is_base64=bool(begin["is_base64"]), is_ended=is_ended)
            if content or is_ended:
                name = begin["name"].strip()
                out.add(name, "attachments")
                out.within(Source(content, name), name)


def _blocks(text: str) -> Iterator[tuple[re.Match[str], str, bool]]:
    """Each line that begins a file, what stands up to its end or the next one, and whether it is an end."""
    begins = list(_BEGIN.finditer(text))
    for begin, following in itertools.zip_longest(begins, begins[1:]):
        limit = following.start() if following else len(text)
        end = _END.search(text, begin.end(), limit)
        yield begin, text[begin.end() : end.start() if end else limit], end is not None


def _decoded(lines: str, *, is_base64: bool, is_ended: bool) -> bytes:
    """The bytes of a file; of one without an end, up to the first line that is none of it.

    Raises:
        CannotRead: it has an end, and is none.
    """
    found = bytearray()
    try:
        if is_base64 and is_ended:
            return base64.b64decode(lines)
        for line in lines.split("\n"):
            if not is_ended and not is_base64 and not _is_whole(line.rstrip("\r")):
                break
            found += base64.b64decode(line.strip(), validate=True) if is_base64 else _line(line)
    except (binascii.Error, ValueError):
        if is_ended:
            raise CannotRead(Code.FILE_DAMAGED) from None
    return bytes(found)


def _is_whole(line: str) -> bool:
    """Whether a line is as long as its first character says; some programs leave out spaces at the end, or add one."""
    size = (ord(line[0]) - 32) & 63 if line else 0
    return size > 0 and -3 <= len(line) - 1 - (size + 2) // 3 * 4 <= 1


def _line(line: str) -> bytes:
    encoded = line.strip("\r\n").encode("ascii")
    if not encoded or encoded == b"`":
        return b""
    try:
        return binascii.a2b_uu(encoded)
    except binascii.Error:  # some programs write padding after the line's end
        length = ((encoded[0] - 32) & 63) * 4 + 5
        return binascii.a2b_uu(encoded[: length // 3])
