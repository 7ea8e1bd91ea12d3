"""Files that are two files: which other reading one allows, beside that by its first bytes.

Programs look for a zip file's directory at the end, whatever comes before it (PKWARE APPNOTE, 4.3.16), and for a PDF
document's header in the first 1,024 bytes (ISO 32000-1, annex H.3.4.1).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final

from promptguard.files.interface import Source

_ZIP, _END = b"PK", b"PK\x05\x06"
_END_WITHIN: Final = 22 + 65_535
"""Bytes of the end of the directory with the longest comment."""
_PDF: Final = re.compile(rb"%PDF-\d")
_PDF_WITHIN: Final = 1_024


def start_of_pdf(data: bytes) -> int:
    """Where readers find a document, near the start and with objects in it; -1 where there is none."""
    header = _PDF.search(data, 0, _PDF_WITHIN + 8)
    return header.start() if header and b" obj" in data else -1


def other_readings(source: Source, *, is_pdf: bool) -> Iterator[Source]:
    """The files that other programs see in this one, whose first bytes say something else."""
    data = source.data
    if data.startswith(_ZIP):
        return
    if not is_pdf and (start := start_of_pdf(data)) > 0:
        yield Source(data[start:])
    if data.find(_END, max(0, len(data) - _END_WITHIN)) > 0 and (start := _start_of_zip(data)) > 0:
        yield Source(data[start:])


def _start_of_zip(data: bytes) -> int:
    """Where the first member stands; 0 where there is no archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return min((info.header_offset for info in archive.infolist()), default=0)
    except Exception:  # it only looks like one
        return 0
