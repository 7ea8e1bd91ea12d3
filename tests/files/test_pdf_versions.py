from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from promptguard.files import pdf_versions
from promptguard.files.interface import CannotRead
from samples import pdf

VALUE = "jo.miller@" + "fabrikam-sample.com"
FIRST = pdf.document(pdf.text("the first", VALUE), properties={"Subject": VALUE})


def updated(data: bytes, **changes: Any) -> bytes:
    """A document with an update at its end, by pypdf: another page's content, another subject."""
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    if "page" in changes:
        other = PdfReader(io.BytesIO(pdf.document(pdf.text(changes["page"])))).pages[0]
        writer.pages[0][NameObject("/Contents")] = writer._add_object(other.get_contents())
    if "subject" in changes:
        writer._info[NameObject("/Subject")] = TextStringObject(changes["subject"])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_what_an_update_replaces_is_read(texts: Any) -> None:
    found = texts(updated(FIRST, page="blacked out", subject="other"))
    assert ("page 1", "blacked out") in found
    assert any(label == "another version / page 1" and VALUE in text for label, text in found)


def test_what_stays_is_read_once(texts: Any) -> None:
    found = texts(updated(pdf.document(pdf.text("the page"), properties={"Subject": "x"}), subject="other"))
    assert sum("the page" in text for _, text in found) == 1


@pytest.mark.parametrize(
    ("data", "versions"),
    [
        (FIRST, 0),
        (b"garbage\n" + FIRST, 0),
        (updated(FIRST, subject="1"), 1),
        (updated(updated(FIRST, subject="1"), subject="2"), 2),
        (FIRST + b"\n" + FIRST, 2),
        (FIRST + b"startxref\n0\n%%EOF\n", 1),
        (b"", 0),
    ],
)
def test_versions(data: bytes, versions: int) -> None:
    found = list(pdf_versions.earlier(data))
    assert len(found) == versions
    assert all(each.startswith(b"%PDF-") and each.endswith(b"%%EOF") for each in found)


def test_the_first_part_of_a_linearized_document_is_no_version() -> None:
    assert list(pdf_versions.earlier(b"%PDF-1.7\nstartxref\n0\n%%EOF\n" + FIRST[9:])) == []


def test_there_are_bounds() -> None:
    with pytest.raises(CannotRead, match=r"file\.too_many_files"):
        list(pdf_versions.earlier(FIRST * (pdf_versions.MAX_VERSIONS + 2)))


def test_bytes_around_a_document() -> None:
    assert pdf_versions.before(b"before" + FIRST) == b"before"
    assert pdf_versions.after(FIRST.rstrip() + b"after") == b"after"
    assert pdf_versions.before(b"no document") == pdf_versions.after(b"no document") == b""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"% ask jo.miller", "% ask jo.miller"),
        (b"% ReportLab Generated PDF document http://www.reportlab.com", ""),
        (b"%\xe2\xe3\xcf\xd3", ""),
        (b"%%EOF", ""),
    ],
)
def test_comments(line: bytes, said: str) -> None:
    assert pdf_versions.comments(b"%PDF-1.7\n" + line + b"\n1 0 obj\n") == said
