from __future__ import annotations

import codecs

import pytest

from promptguard.errors import Unreadable
from promptguard.wire.documents.charsets import decode, percent_decoded

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


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a%20b", "a b"),
        ("%C1%81nna", "Anna"),
        ("jane%C1%80b%C0%AEcom", "jane@b.com"),
        ("%E0%81%80x", "@x"),
        ("%F0%80%81%80x", "@x"),
        ("%C3%A9%C1%81", "\u00e9A"),
        ("%E9%C1%81", "\u00e9A"),
        ("%E2%82%AC %F0%9F%98%80", "\u20ac \U0001f600"),
    ],
)
def test_over_long_forms_are_read_as_what_some_make_of_them(raw: str, text: str) -> None:
    assert percent_decoded(raw) == text
