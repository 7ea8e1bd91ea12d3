from __future__ import annotations

from typing import Any

import pytest

from samples import images, office

PICTURE = images.encoded(images.written("x"))


def test_a_text(texts: Any) -> None:
    body = (
        '<office:text><text:h>Head</text:h><text:p>a<text:tab/>b<text:s text:c="3"/>c<text:line-break/>d'
        '<office:annotation><text:p>a note</text:p></office:annotation></text:p><text:p><text:a xlink:href="https://x.example/">'
        "link</text:a></text:p><text:tracked-changes><text:p>deleted</text:p></text:tracked-changes></office:text>"
    )
    meta = (
        '<m xmlns:meta="x"><title>A title</title><creator>Jo</creator><user-defined meta:name="Client">Contoso'
        "</user-defined></m>"
    )
    styles = "<office><p>the footer</p></office>"
    found = texts(office.open_document("text", body, {"meta.xml": meta, "styles.xml": styles, "settings.xml": "<x/>"}))
    assert found == [
        ("", "Head\na\tb   c\nda note\nlink\ndeleted"),
        ("links, fields and formulas", "https://x.example/"),
        ("properties", "A title\nClient: Contoso"),
        ("headers and footers", "the footer"),
    ]


def test_sheets(texts: Any) -> None:
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>".format
    row = f"<table:table-row>{cell('', 'A1')}{cell(' x="y"', 'B1')}</table:table-row>"
    sheets = "".join(f'<table:table table:name="{name}">{row}</table:table>' for name in ("One", "Two"))
    found = texts(office.open_document("spreadsheet", f"<office:spreadsheet>{sheets}</office:spreadsheet>"))
    assert found == [("One", "A1 \tB1"), ("Two", "A1 \tB1")]


def test_slides_and_embedded_objects(texts: Any, size_teller: Any) -> None:
    body = '<draw:page draw:name="Slide 1"><text:p>words</text:p></draw:page>'
    parts = {"Object 1/content.xml": "<m><p>in a chart</p></m>", "Pictures/a.png": PICTURE}
    assert texts(office.open_document("presentation", body, parts), recogniser=size_teller) == [
        ("Slide 1", "words"),
        ("Object 1", "in a chart"),
        ("picture", "an image of 900 by 96"),
    ]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"META-INF/manifest.xml": "<m><encryption-data/></m>"}, "encrypted"),
        ({"Pictures/a.png": PICTURE}, "file.no_text_recognition"),
        ({"Basic/x.bin": bytes(range(256))}, "file.unsupported kind=unknown within="),
    ],
)
def test_what_cannot_be_read(problem: Any, parts: dict[str, Any], said: str) -> None:
    assert said in problem(office.open_document("text", "", parts))
