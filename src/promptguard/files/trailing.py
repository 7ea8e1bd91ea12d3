"""What stands after the end of a file, or in gaps of it, where the programs that open it do not look."""

from __future__ import annotations

from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import Source
from promptguard.files.kinds import TEXT, UNKNOWN, identify
from promptguard.files.strings import strings_of

LABEL: Final = "after the end"
_PADDING: Final = b"\0\t\r\n \xff"


def read_rest(data: bytes, out: Extraction, label: str = LABEL) -> None:
    """Read bytes that belong to no part of a file: a file of a known kind as one, of others what prints.

    Raises:
        CannotRead: a bound on all of the file was reached.
    """
    rest = data.lstrip(_PADDING)
    if not rest:
        return
    source = Source(rest)
    if identify(source) not in (TEXT, UNKNOWN):
        if out.first_time(rest):
            out.within(source, label)
    else:
        out.add(_text(rest), label)


def _text(data: bytes) -> str:
    if b"\0" not in data:
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass
    return strings_of(data)
