from __future__ import annotations

from typing import Any

from samples import office


def test_packages_of_other_kinds(texts: Any) -> None:
    drawing = office.package(
        "visio/document.xml", "visio.drawing", {"visio/pages/page1.xml": "<P><Text>a box</Text><text>b</text></P>"}
    )
    assert texts(drawing) == [("page1", "a box\nb")]


def test_macros_and_fonts(texts: Any, problem: Any) -> None:
    assert texts(office.docx(office.paragraph("x"), {"word/fonts/font1.odttf": b"\0\1"})) == [("", "x")]
    assert "damaged" in problem(office.docx("", {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken"}))
