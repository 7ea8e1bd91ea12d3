"""Windows metafiles in documents: the text that enhanced ones draw ([MS-EMF] 2.3.5.8)."""

from __future__ import annotations

import struct
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import Source

_HEADER: Final = 1
_WIDE_TEXT: Final = 84
"""EMR_EXTTEXTOUTW."""
_MAX_RECORDS: Final = 1_000_000


def read(source: Source, out: Extraction) -> None:
    """Read a metafile: each piece of text that it draws is a line."""
    data = source.data
    pieces = []
    position = 0
    for _ in range(_MAX_RECORDS):
        if position + 8 > len(data):
            break
        kind, size = struct.unpack_from("<II", data, position)
        if size < 8 or position + size > len(data) or (position == 0 and kind != _HEADER):
            break
        if kind == _WIDE_TEXT and size >= 76:
            count, offset = struct.unpack_from("<II", data, position + 44)
            if offset + 2 * count <= size:
                pieces.append(data[position + offset : position + offset + 2 * count].decode("utf-16-le", "replace"))
        position += size
    out.add("\n".join(pieces))
