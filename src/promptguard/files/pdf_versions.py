"""What a PDF document holds beside its latest version (ISO 32000-1, 7.5): earlier ones, comments, bytes around it.

Who changes a document or signs it may append what is new (7.5.6): what was there before is still in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from promptguard.files.interface import CannotRead
from promptguard.reasons import Code

_HEADER: Final = re.compile(rb"%PDF-\d")
_NEXT: Final = re.compile(rb"\s*(?P<header>%PDF-\d)")
_HEADER_WITHIN: Final = 1_024
"""Bytes before which readers look for the header (annex H.3.4.1)."""
_END: Final = re.compile(rb"startxref\s+(?P<at>\d{1,12})\s+%%EOF")
_MARK: Final = b"%%EOF"
_COMMENT: Final = re.compile(rb"^[ \t]*%(?!PDF-|%EOF|!PS)[\x20-\x7e]{8,}", re.MULTILINE)
_AUTOMATIC: Final = re.compile(r"% ?ReportLab generated PDF document[ \w()./:-]*", re.IGNORECASE)
MAX_VERSIONS: Final = 30
"""Signing and filling in add one each time."""


def before(data: bytes) -> bytes:
    """The bytes before the header."""
    header = _HEADER.search(data, 0, _HEADER_WITHIN + 8)
    return data[: header.start()] if header else b""


def after(data: bytes) -> bytes:
    """The bytes after the last mark of an end."""
    end = data.rfind(_MARK)
    return data[end + len(_MARK) :] if end >= 0 else b""


def earlier(data: bytes) -> Iterator[bytes]:
    """Earlier versions as documents of their own, and others that stand one after the other; the oldest first.

    Raises:
        CannotRead: there are more than are read.
    """
    begin = start = len(before(data))
    latest = data.rfind(_MARK) + len(_MARK)
    count = 0
    for end in _END.finditer(data, begin):
        is_whole = end.end() == latest and start == begin
        if not is_whole and int(end["at"]):  # none: the first part of a document that is made to be shown early
            count += 1
            if count > MAX_VERSIONS:
                raise CannotRead(Code.FILE_TOO_MANY_FILES)
            yield data[start : end.end()]
        if following := _NEXT.match(data, end.end()):
            start = following.start("header")


def comments(data: bytes) -> str:
    """Comments among the objects, which no reader shows."""
    found = dict.fromkeys(match[0].decode("ascii").strip() for match in _COMMENT.finditer(data))
    return "\n".join(comment for comment in found if not _AUTOMATIC.fullmatch(comment))
