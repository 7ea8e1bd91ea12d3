"""What stands in an old Excel workbook beside its cells ([MS-XLS]): comments, boxes, names, headers, links.

The records are walked, and the strings in those that are no cells are taken: a format of 200 kinds of records holds
text in many places.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from promptguard.files.strings import strings_of
from promptguard.reasons import Code

_CONTINUE, _FILE_PASS, _DRAWING_GROUP = 0x003C, 0x002F, 0x00EB
_CELLS: Final = frozenset(
    {0x00FC, 0x00FD, 0x0204, 0x0004, 0x0203, 0x027E, 0x00BD, 0x00BE, 0x0207, 0x0006, 0x00FF, 0x00D7}
)
"""Cells and the table of their texts (SST): calamine reads them."""
_FORMULAS: Final = frozenset({0x0006, 0x0206, 0x0406, 0x0221, 0x04BC})
_LOOK: Final = frozenset(
    {0x0031, 0x00E0, 0x0092, 0x0293, 0x005C, 0x0042, 0x0086, 0x004D, 0x0033, 0x088E, 0x0896, 0x0892}
)
"""Fonts, styles, colours, who wrote it, the printer, themes."""
_START: Final = b"\x09\x08"
"""The record that a workbook since Excel 5 begins with."""
_MAX_RECORDS: Final = 5_000_000
_BUILT_IN_FORMATS: Final = 164


def read(stream: bytes, out: Extraction) -> None:
    """Add the texts beside the cells.

    Raises:
        CannotRead: it is encrypted, or no workbook.
    """
    if stream[:2] != _START:
        raise CannotRead(Code.FILE_DAMAGED)
    found: dict[str, None] = {}
    for kind, content in records(stream):
        if kind == _FILE_PASS:
            raise CannotRead(Code.FILE_ENCRYPTED)
        if kind in _LOOK or kind == _DRAWING_GROUP or (kind in _CELLS and kind not in _FORMULAS):
            continue
        if kind == 0x041E and struct.unpack_from("<H", content)[0] < _BUILT_IN_FORMATS:
            continue
        found |= dict.fromkeys(strings_of(content).split("\n"))
    out.add("\n".join(filter(None, found)), "comments, names and links")


def records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record with what continues it."""
    position = 0
    kind, content = -1, bytearray()
    for _ in range(_MAX_RECORDS):
        if position + 4 > len(stream):
            break
        following, length = struct.unpack_from("<HH", stream, position)
        piece = stream[position + 4 : position + 4 + length]
        position += 4 + length
        if following == _CONTINUE:
            content += piece
            continue
        if kind >= 0:
            yield kind, bytes(content)
        kind, content = following, bytearray(piece)
    if kind >= 0:
        yield kind, bytes(content)
