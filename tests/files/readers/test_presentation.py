from __future__ import annotations

from typing import Any

from samples import images, office

PICTURE = images.encoded(images.written("x"))
SHOWS_PICTURE = {
    "ppt/slides/_rels/slide2.xml.rels": office.relationships([("r", "image", "../media/image1.png")]),
    "ppt/media/image1.png": PICTURE,
}


def test_slides_with_notes(texts: Any) -> None:
    parts = {
        "ppt/slides/_rels/slide1.xml.rels": office.relationships(
            [("r", "notesSlide", "../notesSlides/notesSlide7.xml")]
        ),
        "ppt/notesSlides/notesSlide7.xml": office.drawing("what to say", root="notes"),
        "ppt/comments/comment1.xml": "<p:c xmlns:p='p'><p:text>a comment</p:text></p:c>",
        "ppt/slideMasters/slideMaster1.xml": office.drawing("Confidential", root="sldMaster"),
    }
    slides = [office.drawing(f"slide number {number}", "more") for number in range(1, 12)]
    found = texts(office.pptx(*slides, parts=parts))
    assert found[:3] == [
        ("slide 1", "slide number 1\nmore"),
        ("slide 1 / notes", "what to say"),
        ("slide 2", "slide number 2\nmore"),
    ]
    assert found[11:] == [
        ("slide 11", "slide number 11\nmore"),
        ("comment1", "a comment"),
        ("slideMaster1", "Confidential"),
    ]


def test_tables(texts: Any) -> None:
    cell = "<a:tc><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc>".format
    slide = office.drawing().replace("<p:txBody>", f"<a:tr>{cell('A')}{cell('B')}</a:tr><p:txBody>")
    assert texts(office.pptx(slide)) == [("slide 1", "A \tB")]


def test_slides_of_pictures_need_text_recognition(problem: Any, texts: Any, size_teller: Any) -> None:
    data = office.pptx(office.drawing("words"), office.drawing(), parts=SHOWS_PICTURE)
    assert "file.no_text_recognition kind=presentation" in problem(data)
    assert texts(data, recogniser=size_teller) == [
        ("slide 1", "words"),
        ("slide 2 / picture", "an image of 900 by 96"),
    ]
    assert texts(data, images_need_recognition=False) == [("slide 1", "words")]
    with_text = office.pptx(office.drawing("words"), office.drawing("more"), parts=SHOWS_PICTURE)
    assert texts(with_text) == [("slide 1", "words"), ("slide 2", "more")]
