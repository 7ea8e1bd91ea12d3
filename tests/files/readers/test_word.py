from __future__ import annotations

from typing import Any

from samples import images, office

PICTURE = images.encoded(images.written("x"))


def test_the_body(texts: Any) -> None:
    cell = "<w:tc>{}</w:tc>".format
    body = (
        office.paragraph("One ")
        + "<w:p><w:r><w:t>spl</w:t></w:r><w:r><w:t>it</w:t><w:tab/><w:t>tab</w:t><w:br/><w:t>line</w:t></w:r></w:p>"
        + f"<w:tbl><w:tr>{cell(office.paragraph('A1'))}{cell(office.paragraph('B1'))}</w:tr>"
        + f"<w:tr>{cell(office.paragraph('A2') + office.paragraph('more'))}</w:tr></w:tbl>"
        + office.paragraph("a & b")
    )
    assert texts(office.docx(body)) == [("", "One \nsplit\ttab\nline\nA1 \tB1 \t\nA2 more \t\na & b")]


def test_what_is_not_seen_at_once(texts: Any) -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del><w:ins><w:r><w:t> inserted</w:t>"
        "</w:r></w:ins></w:p>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p><w:p><w:r>"
        '<w:instrText>HYPERLINK "x"</w:instrText>'
        '</w:r></w:p><w:p><w:r><w:drawing><wp:docPr xmlns:wp="w" descr="what the picture shows"/>'
        '<wp:posOffset xmlns:wp="w">7'
        "</wp:posOffset></w:drawing></w:r></w:p><w:p><w:r><w:pict><w:txbxContent>"
        + office.paragraph("in a box")
        + "</w:txbxContent></w:pict></w:r></w:p>"
    )
    ((label, text),) = texts(office.docx(body))
    assert label == ""
    assert text.split("\n") == [
        "deleted inserted",
        "hidden",
        'HYPERLINK "x"',
        "in a box",
        "what the picture shows",
    ]


def test_the_other_parts(texts: Any) -> None:
    names = ["header1", "footer2", "footnotes", "endnotes", "comments", "glossary/document"]
    parts: dict[str, Any] = {f"word/{name}.xml": office.word_part(office.paragraph(f"the {name}")) for name in names}
    parts |= {
        "word/styles.xml": office.word_part(office.paragraph("no text of the document")),
        "word/_rels/document.xml.rels": office.relationships([], ["mailto:jo@example.org"]),
        "word/charts/chart1.xml": "<c><v>17</v><t>a legend</t></c>",
        "word/settings.xml": '<w:s xmlns:w="w"><w:docVar w:name="token" w:val="in a variable"/></w:s>',
        "customXml/item1.xml": "<x><y>bound data</y></x>",
        "docProps/core.xml": "<c><title>A title</title><creator>Jo Example</creator><keywords>words</keywords></c>",
        "docProps/app.xml": "<c><Application>a program</Application><Company>Fabrikam</Company></c>",
        "docProps/custom.xml": '<c><property name="Client"><lpwstr>Contoso</lpwstr></property></c>',
    }
    found = dict(texts(office.docx(office.paragraph("body"), parts)))
    assert found == {
        "": "body",
        "document": "the glossary/document",
        "header1": "the header1",
        "footer2": "the footer2",
        "footnotes": "the footnotes",
        "endnotes": "the endnotes",
        "comments": "the comments",
        "chart1": "17\na legend",
        "settings": "token: in a variable",
        "item1": "y: bound data",
        "properties": "Client: Contoso",
        "links": "mailto:jo@example.org",
    }
    assert [text for label, text in texts(office.docx("", parts)) if label == "properties"] == [
        "A title\nwords",
        "Fabrikam",
        "Client: Contoso",
    ]


def test_embedded_files(texts: Any, size_teller: Any) -> None:
    sheet = office.xlsx({"Budget": '<row><c t="inlineStr"><is><t>inner</t></is></c></row>'})
    data = office.docx(office.paragraph("outer"), {"word/embeddings/a.xlsx": sheet, "word/media/image1.png": PICTURE})
    assert texts(data, recogniser=size_teller) == [
        ("", "outer"),
        ("a.xlsx / Budget", "inner"),
        ("a.xlsx / names", "Budget"),
        ("picture", "an image of 900 by 96"),
    ]


def test_pictures_alone_need_text_recognition(texts: Any, problem: Any) -> None:
    parts = {"word/media/image1.png": PICTURE}
    assert texts(office.docx(office.paragraph("words"), parts)) == [("", "words")]
    assert problem(office.docx("", parts)) == "file.no_text_recognition kind=word"


def test_what_cannot_be_read(problem: Any) -> None:
    document = office.docx(office.paragraph("x"), {"word/embeddings/oleObject1.bin": bytes(range(256))})
    assert problem(document) == "file.unsupported kind=unknown within=word"
    assert "file.sound_or_film" in problem(office.docx("", {"word/media/a.mp4": b"x"}))
    assert "damaged" in problem(office.docx("<w:p>"))
    bomb = office.docx(office.paragraph("x"), {"word/comments.xml": b"<w>" + b" " * 60_000_000 + b"</w>"})
    assert "file.too_much_unpacked" in problem(bomb)
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    assert "file.entities" in problem(office.docx("", {"word/comments.xml": laughs}))
