"""Files that are two files: both are read, whatever the first bytes, the name and the declared type say."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import Any

import pytest

from promptguard.files.interface import Source
from promptguard.files.polyglots import other_readings, start_of_pdf
from samples import images, office, pdf
from samples.compound import compound
from samples.tnef import MAIL, attribute, tnef

VALUE = "jo.miller@" + "fabrikam-sample.com"
ZIP = office.zipped({"a.txt": VALUE})
PDF = pdf.document(pdf.text("nothing"))
PDF_WITH_VALUE = pdf.document(pdf.text(VALUE))
RTF = b"{\\rtf1 nothing}"
PNG = images.encoded(images.written("x"))
MESSAGE = b"From: a@example.org\nDate: now\nMessage-ID: <1>\n\nnothing\n"


def appended(first: bytes) -> bytes:
    """A zip file behind another file, with places that count from the start of both."""
    out = io.BytesIO(first)
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", VALUE)
    return out.getvalue()


FILES = {
    "zip behind a PDF": PDF + ZIP,
    "zip behind a PDF, as one": appended(PDF),
    "Word document behind a PDF": PDF + office.docx(VALUE),
    "gzip behind a PDF": PDF + gzip.compress(VALUE.encode()),
    "text behind a PDF": PDF + VALUE.encode(),
    "umlauts behind a PDF": PDF + f"Grüße an {VALUE}".encode(),
    "PDF behind a PDF": PDF + PDF_WITH_VALUE,
    "PDF before a PDF": PDF_WITH_VALUE + PDF,
    "text before a PDF": VALUE.encode() + b"\n" + PDF,
    "mail before a PDF": MESSAGE.replace(b"a@example.org", VALUE.encode()) + PDF,
    "PDF behind a Word document": office.docx("nothing") + PDF_WITH_VALUE,
    "zip behind a Word document": office.docx("nothing") + ZIP,
    "PDF behind a page": b"<html><p>x</p></html>" + PDF_WITH_VALUE,
    "zip behind a picture": PNG + ZIP,
    "zip behind a picture, as one": appended(PNG),
    "PDF behind a picture": images.encoded(images.written("x"), "JPEG") + PDF_WITH_VALUE,
    "zip behind an RTF document": RTF + ZIP,
    "zip behind an RTF document, as one": appended(RTF),
    "zip behind a long text": appended(b"words " * 9_000),
    "zip behind a winmail.dat": tnef(attribute(MAIL, 0x0002800C, b"x")) + ZIP,
    "zip behind an old document": compound({"Package": office.docx("nothing")}) + ZIP,
    "text behind an old document": compound({"Package": office.docx("nothing")}) + VALUE.encode(),
    "zip behind a compressed file": gzip.compress(b"nothing") + ZIP,
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_both_are_read(texts: Any, data: bytes) -> None:
    assert any(VALUE in text for _, text in texts(data, images_need_recognition=False))


@pytest.mark.parametrize("data", [appended(b"MZ" + bytes(200)), appended(b"words " * 9)])
def test_what_is_of_no_known_kind_is_not_read(problem: Any, data: bytes) -> None:
    assert problem(data).startswith("file.un")


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "text/plain", "application/zip", "video/mp4"])
@pytest.mark.parametrize(
    "data",
    [ZIP, PDF_WITH_VALUE, office.docx(VALUE), gzip.compress(VALUE.encode()), b"{\\rtf1 " + VALUE.encode() + b"}"],
    ids=["zip", "PDF", "Word", "gzip", "RTF"],
)
def test_the_declared_type_hides_nothing(texts: Any, data: bytes, media_type: str) -> None:
    assert any(VALUE in text for _, text in texts(data, f"x.{media_type.partition('/')[2]}", media_type))


@pytest.mark.parametrize("data", [ZIP, office.docx("x"), PDF, b"x\n" + PDF, PNG, b"words", b"PK\x05\x06" * 9, b""])
def test_most_files_are_one(data: bytes) -> None:
    assert list(other_readings(Source(data), is_pdf=b"%PDF-" in data[:99])) == []


@pytest.mark.parametrize(
    ("data", "start"),
    [(PDF, 0), (b"x" * 1_000 + PDF, 1_000), (b"x" * 1_100 + PDF, -1), (b"It begins with %PDF-1.7, they say", -1)],
)
def test_where_a_document_starts(data: bytes, start: int) -> None:
    assert start_of_pdf(data) == start
