from __future__ import annotations

import gzip

import pytest

from promptguard.files import kinds
from promptguard.files.interface import Source
from promptguard.files.kinds import Kind, identify
from samples import images, office, pdf

MAIL = b"Received: from a\r\nDate: now\r\nSubject: x\r\n\r\nhello"


@pytest.mark.parametrize(
    ("data", "name", "media_type", "kind"),
    [
        (pdf.document(pdf.text("x")), "", "", kinds.PDF),
        (pdf.document(pdf.text("x")), "card.png", "image/png", kinds.PDF),
        (b"garbage\n" + pdf.document(pdf.text("x")), "", "", kinds.PDF),
        (office.docx(""), "", "", kinds.WORD),
        (office.docx(""), "sheet.xlsx", "application/zip", kinds.WORD),
        (office.xlsx({"a": ""}), "", "", kinds.SPREADSHEET),
        (office.pptx(""), "", "", kinds.PRESENTATION),
        (office.package("x.xml", "visio.drawing", {}), "", "", kinds.OFFICE),
        (office.open_document("text", ""), "", "", kinds.OPEN_DOCUMENT),
        (office.zipped({"mimetype": "application/epub+zip"}), "", "", kinds.EPUB),
        (office.zipped({"mimetype": "something else"}), "", "", kinds.ZIP),
        (office.zipped({"a": "b"})[:30], "x.docx", "", kinds.ZIP),
        (gzip.compress(b"x"), "", "", kinds.COMPRESSED),
        (images.encoded(images.written("x")), "", "", kinds.IMAGE),
        (images.encoded(images.written("x"), "WEBP"), "", "", kinds.IMAGE),
        (images.encoded(images.written("x"), "BMP"), "", "", kinds.IMAGE),
        (b"RIFF\0\0\0\0WAVEfmt ", "", "", kinds.SOUND),
        (b"\0\0\0\x18ftypmp42", "", "", kinds.FILM),
        (b"\0\0\0\x18ftypheic", "", "", kinds.IMAGE),
        (bytes(range(256)), "", "audio/x-own", kinds.SOUND),
        (bytes(range(256)), "x.txt", "text/plain", kinds.UNKNOWN),
        (b"{\\rtf1 x}", "x.txt", "text/plain", kinds.RTF),
        (b"plain words", "", "", kinds.TEXT),
        (b"plain words", "x.pdf", "application/pdf", kinds.TEXT),
        ("wide words".encode("utf-16"), "", "", kinds.TEXT),
        ("wide words".encode("utf-16-le"), "", "", kinds.TEXT),
        (b"", "", "", kinds.TEXT),
        (b"<!DOCTYPE html><p>x", "", "", kinds.HTML),
        (b"<p>x", "", "text/html", kinds.HTML),
        (b"no mark-up", "x.html", "", kinds.TEXT),
        (b"<?xml version='1.0'?><x/>", "", "", kinds.XML),
        (b"<svg xmlns='x'/>", "", "", kinds.XML),
        (b"<note> to myself", "", "text/plain", kinds.TEXT),
        (b'{"a": 1}', "", "application/json", kinds.JSON),
        (b'{"a": 1}', "", "", kinds.TEXT),
        (MAIL, "", "", kinds.EMAIL),
        (b"hello", "", "message/rfc822", kinds.EMAIL),
        (b"Date: 3 June\n\nDear all", "", "", kinds.TEXT),
    ],
)
def test_the_bytes_say_what_a_file_is(data: bytes, name: str, media_type: str, kind: Kind) -> None:
    assert identify(Source(data, name, media_type)) == kind


def test_every_reader_is_there() -> None:
    from importlib import import_module

    named = {kind.reader for kind in vars(kinds).values() if isinstance(kind, Kind) and kind.reader}
    assert len(named) >= 15
    for reader in named:
        assert callable(import_module(f"promptguard.files.readers.{reader}").read)
