from __future__ import annotations

import codecs

import pytest

from promptguard.errors import Unreadable
from promptguard.wire.documents.charsets import decode

TEXT = '{"name":"Grüße"}'


@pytest.mark.parametrize(
    ("data", "declared", "charset"),
    [
        (TEXT.encode(), "", "utf-8"),
        (TEXT.encode(), "UTF-8", "utf-8"),
        (TEXT.encode(), "iso-8859-1", "utf-8"),  # what is valid UTF-8 is read as such by every server
        (TEXT.encode(), "utf-16", "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "", "utf-8"),
        (TEXT.encode("utf-16"), "", "utf-16-le"),
        (TEXT.encode("utf-32"), "", "utf-32-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "", "utf-16-be"),
        (TEXT.encode("utf-16-le"), "", "utf-16-le"),
        (TEXT.encode("utf-16-be"), "", "utf-16-be"),
        (TEXT.encode("utf-32-le"), "", "utf-32-le"),
        (TEXT.encode("utf-32-be"), "", "utf-32-be"),
        (TEXT.encode("latin-1"), "iso-8859-1", "iso8859-1"),
        (TEXT.encode("cp1252"), "windows-1252", "cp1252"),
    ],
)
def test_decodes(data: bytes, declared: str, charset: str) -> None:
    assert decode(data, declared)[:2] == (TEXT, charset)


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (b"\xff\xfeabc", ""),
        (b"Gr\xfc\xdfe", ""),
        (b"Gr\xfc\xdfe", "utf-8"),
        (b"Gr\xfc\xdfe", "us-ascii"),
        (b"+AGE-", "utf-7"),
        (b"abc", "no-such-charset"),
        (b"abc", "rot13"),
        (b"abc", "hex\0"),
        (b"\xed\xa0\x80", ""),
    ],
)
def test_unreadable(data: bytes, declared: str) -> None:
    with pytest.raises(Unreadable):
        decode(data, declared)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
)
def test_encodes_as_it_was(data: bytes) -> None:
    assert decode(data).encode(TEXT) == data
