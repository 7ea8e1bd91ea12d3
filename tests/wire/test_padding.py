"""Files that have to be as long as others."""

from __future__ import annotations

import io
import zipfile

import pytest

from promptguard.wire.padding import padded
from samples import office


@pytest.mark.parametrize(
    ("data", "more", "expected"),
    [
        (b"a,b\n", 0, b"a,b\n"),
        (b"a,b\n", 3, b"a,b\n   "),
        ("größe".encode("cp1252"), 1, "größe ".encode("cp1252")),
        (b"a,b\n", -1, None),
        ("ab".encode("utf-16"), 2, None),
        (b"%PDF-1.7 ", 3, None),
    ],
)
def test_texts(data: bytes, more: int, expected: bytes | None) -> None:
    assert padded(data, len(data) + more) == expected


@pytest.mark.parametrize("more", [1, 65_535, 65_536])
def test_packages(more: int) -> None:
    data = office.docx(office.paragraph("x"))
    longer = padded(data, len(data) + more)
    if more > 65_535:
        assert longer is None
    else:
        assert longer is not None and len(longer) == len(data) + more
        archive = zipfile.ZipFile(io.BytesIO(longer))
        assert archive.testzip() is None and archive.comment == b" " * more
