from __future__ import annotations

import math
from typing import Any

import pytest

from promptguard.files.interface import CannotRead
from samples import images, pdf

SCAN = images.written("Card number 4111 1111 1111 1111").convert("L")
IMAGE = (SCAN.width, SCAN.height, SCAN.tobytes())
PROSE = "This page has quite some text of its own, enough to be no scan at all."


def test_pages(texts: Any) -> None:
    assert texts(pdf.document(pdf.text("one", "(two)"), b"", pdf.text("three"))) == [
        ("page 1", "one\n(two)"),
        ("page 3", "three"),
    ]


def test_everything_beside_the_pages(texts: Any) -> None:
    data = pdf.document(
        pdf.text(PROSE),
        annotations=["first note", "second note"],
        properties={"Title": "A title", "Author": "Jo Example", "Keywords": "some words", "Producer": "a program"},
        attachments={"list.csv": b"a,b\n", "inner.pdf": pdf.document(pdf.text("inside"))},
    )
    assert texts(data) == [
        ("page 1", PROSE),
        ("page 1 / comments, fields and links", "first note\nsecond note"),
        ("properties", "A title\nsome words"),
        ("attachments", "list.csv"),
        ("list.csv", "a,b\n"),
        ("attachments", "inner.pdf"),
        ("inner.pdf / page 1", "inside"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pdf.picture(), "file.no_text_recognition kind=pdf"),
        (pdf.picture(595, 842) + pdf.text("Scanned by a telephone"), "file.no_text_recognition kind=pdf"),
    ],
)
def test_scans_need_text_recognition(problem: Any, texts: Any, content: bytes, said: str) -> None:
    data = pdf.document(pdf.text(PROSE), content, image=IMAGE)
    assert said in problem(data)
    assert texts(data, images_need_recognition=False)[0] == ("page 1", PROSE)


def test_a_page_with_text_and_a_picture_is_read_without(texts: Any) -> None:
    data = pdf.document(pdf.text(PROSE) + pdf.picture(), image=IMAGE)
    assert texts(data) == [("page 1", PROSE)]


def test_scans_are_read_as_pages_and_pictures_by_themselves(texts: Any, size_teller: Any) -> None:
    data = pdf.document(pdf.picture(), pdf.text(PROSE) + pdf.picture(), pdf.text(PROSE) + pdf.picture(), image=IMAGE)
    assert texts(data, recogniser=size_teller) == [
        ("page 1", "an image of 1653 by 2339"),
        ("page 2", PROSE),
        ("page 2 / picture", "an image of 900 by 152"),
        ("page 3", PROSE),
    ]


def test_the_text_of_a_scan(texts: Any, tesseract: Any) -> None:
    (page,) = texts(pdf.document(pdf.picture(), image=IMAGE), recogniser=tesseract)
    assert "4111111111111111" in page[1].replace(" ", "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pdf.document(pdf.text(PROSE), password="pelican"), "file.encrypted kind=pdf"),
        (b"%PDF-1.7\n", "file.damaged kind=pdf"),
        (
            pdf.document(pdf.text(PROSE), attachments={"x": bytes(range(256))}),
            "file.unsupported kind=unknown within=pdf",
        ),
    ],
)
def test_what_cannot_be_read(problem: Any, data: bytes, said: str) -> None:
    assert problem(data) == said


def test_a_truncated_document_is_read_or_damaged(texts: Any) -> None:
    data = pdf.document(*(pdf.text(f"page number {number}") for number in range(20)))
    outcomes = set()
    for end in (*range(0, len(data), 97), len(data)):
        try:
            texts(b"%PDF-1.7\n" + data[:end])
            outcomes.add("read")
        except CannotRead as error:
            outcomes.add(str(error))
    assert outcomes <= {"read", "file.damaged kind=pdf"}
    assert len(outcomes) == 2


def test_glyphs_without_characters_are_a_scan(problem: Any) -> None:
    data = pdf.document(b"BT /F1 12 Tf 72 720 Td <000100020003> Tj ET")
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /DescendantFonts [<< /Type /Font"
    font += (
        b" /Subtype /CIDFontType2 /BaseFont /Own /CIDSystemInfo << /Registry (A) /Ordering (I) /Supplement 0 >> >>] >>"
    )
    start = data.index(b"3 0 obj\n") + 8
    assert "file.no_text_recognition" in problem(data[:start] + font + data[data.index(b"\nendobj", start) :])


@pytest.mark.parametrize("line", ["stu\x1f o\x1fers", "Ïðèâåò ìåíÿ çîâóò"])
def test_pages_whose_fonts_tell_no_characters_or_wrong_ones(
    problem: Any, texts: Any, line: str, size_teller: Any
) -> None:
    data = pdf.document(pdf.text(line))
    assert problem(data) == "file.no_text_recognition kind=pdf"
    assert any("an image of" in text for _, text in texts(data, recogniser=size_teller))


def test_letters_along_a_curve_are_words_too(texts: Any) -> None:
    turns = [(math.cos(number / 3), math.sin(number / 3)) for number in range(7)]
    letters = "".join(
        f"BT /F1 12 Tf {x:.3f} {y:.3f} {-y:.3f} {x:.3f} {300 + 90 * y:.1f} {400 - 90 * x:.1f} Tm ({letter}) Tj ET\n"
        for (x, y), letter in zip(turns, "pelican", strict=True)
    )
    assert any("pelican" in text for _, text in texts(pdf.document(letters.encode())))
