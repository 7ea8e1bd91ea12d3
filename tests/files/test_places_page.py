"""`docs/file-places.md` against the tables of places: what is found where is held by their own tests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
from tests.files import test_office_places as office_places
from tests.files.readers import test_open_document_places, test_pdf_objects, test_rtf, test_tnef
from tests.files.readers.test_seven_zip import archive

from samples import images, office, pdf
from samples.compound import compound

PAGE: Final = (Path(__file__).parents[2] / "docs" / "file-places.md").read_text(encoding="utf-8")

FOUND: Final = {
    "Word": office_places.WORD,
    "Excel": office_places.SHEETS,
    "PowerPoint": office_places.SLIDES,
    "Excel before 2007": office_places.OLD_SHEETS,
    "OpenDocument": test_open_document_places.PLACES,
    "PDF": test_pdf_objects.CHANGES,
    "RTF": test_rtf.PLACES,
    "`winmail.dat`": test_tnef.PLACES,
}
FEWEST: Final = 60
"""Places that are planted, at least."""

ENTITY: Final = '<!DOCTYPE x [<!ENTITY a "b">]><w:document xmlns:w="w"><w:p><w:t>&a;</w:t></w:p></w:document>'
NOT_INSPECTED: Final[dict[str, bytes]] = {
    "PDF document with a password": pdf.document(pdf.text("x"), password="x"),
    "Office document with a password": compound({"EncryptedPackage": b"x"}),
    "7z archive with a password": archive({"a": b"x"}, password="x"),
    "encrypted mail": b"Date: x\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime\r\n\r\nAAAA",
    "scanned page, without text recognition": pdf.document(pdf.picture(), image=(200, 100, bytes(20_000))),
    "page whose font tells wrong characters, without text recognition": pdf.document(pdf.text("Ïðèâåò ìåíÿ çîâóò")),
    "picture, without text recognition": images.encoded(images.written("x")),
    "sound in a presentation": office.pptx(office.drawing("x"), parts={"ppt/media/a.mp3": b"ID3"}),
    "unknown object in RTF": rb"{\rtf1 words {\object{\*\objdata 0105000002000000}}}",
    "entities in a part": office.docx("", {"word/document.xml": ENTITY}),
    "archive that is cut off": office.zipped({"a.txt": "one"})[:-30],
    "archive of more than 2,000 files": office.zipped({str(number): "x" for number in range(2_001)}),
    "member that is not known": office.zipped({"a.txt": "one", "b": bytes(range(256))}),
    "RAR archive": b"Rar!\x1a\x07\x01\0" + bytes(20),
    "PostScript": b"%!PS-Adobe-3.0\n(hi) show",
    "database": b"SQLite format 3\0" + bytes(90),
    "film": b"\x1a\x45\xdf\xa3" + bytes(90),
    "bytes of no known kind": bytes(range(256)),
}
"""By what is told of each; the codes stand on the page."""


def rows(heading: str) -> dict[str, str]:
    """Second cell by first of the table under a heading."""
    _, _, rest = PAGE.partition(f"## {heading}\n")
    table = rest.partition("\n## ")[0]
    found = re.findall(r"^\| (.+?) \| (.+?) \|", table, re.MULTILINE)
    return {name: cell for name, cell in found[1:] if not name.startswith("---")}


def test_every_place_that_is_tested_is_told() -> None:
    assert rows("Found") == {kind: " · ".join(places) for kind, places in FOUND.items()}


def test_there_are_many() -> None:
    assert sum(map(len, FOUND.values())) >= FEWEST
    assert f"{sum(map(len, FOUND.values()))} places" in PAGE


def test_every_kind_that_is_not_inspected_is_told() -> None:
    assert list(rows("Not inspected")) == list(NOT_INSPECTED)


@pytest.mark.parametrize("kind", NOT_INSPECTED)
def test_what_is_not_inspected_is_so_for_the_reason_that_is_told(problem: Any, kind: str) -> None:
    code = problem(NOT_INSPECTED[kind]).partition(" ")[0]
    assert rows("Not inspected")[kind] == f"`{code}`"
