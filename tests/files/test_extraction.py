from __future__ import annotations

from typing import Any

import pytest

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.limits import HIGHEST_RATIO, MAX_DEPTH, MAX_MEMBERS, MAX_UNPACKED, RATIO_FROM
from samples import images, office, pdf

PICTURE = images.encoded(images.written("x"))


def nested(depth: int) -> bytes:
    data = b"the innermost text"
    for _ in range(depth):
        data = office.zipped({"inner": data})
    return data


def test_texts_have_the_labels_of_all_that_they_stand_in() -> None:
    out = Extraction(100)
    with out.labelled("outer"), out.labelled(""), out.labelled("inner"):
        out.add("text", "page 1")
    out.add("no label")
    out.add(" \n\t", "white space")
    assert out.texts == [("outer / inner / page 1", "text"), ("", "no label")]


def test_lone_surrogates_do_not_get_through() -> None:
    out = Extraction(100)
    out.add("a\ud800b", "\udfff")
    assert out.texts == [("�", "a�b")]


def test_text_is_bounded() -> None:
    out = Extraction(10)
    out.add("12345678")
    with pytest.raises(CannotRead, match=r"file\.too_much_text"):
        out.add("123")


@pytest.mark.parametrize("depth", range(1, MAX_DEPTH + 1))
def test_files_within_files(texts: Any, depth: int) -> None:
    assert texts(nested(depth))[-1][1] == "the innermost text"


def test_files_too_deep_within_files(problem: Any) -> None:
    assert "file.files_too_deep" in problem(nested(MAX_DEPTH + 1))


def test_too_many_files_within_a_file() -> None:
    out = Extraction(100)
    for _ in range(MAX_MEMBERS):
        out.member()
    with pytest.raises(CannotRead, match=r"file\.too_many_files"):
        out.member()


def test_unpacked_bytes_are_bounded() -> None:
    out = Extraction(100)
    out.unpacked(MAX_UNPACKED)
    with pytest.raises(CannotRead, match=r"file\.too_much_unpacked"):
        out.unpacked(1)


def test_the_ratio_is_bounded_for_what_is_large() -> None:
    out = Extraction(100)
    out.unpacked(RATIO_FROM, RATIO_FROM, 1)
    out.unpacked(1, RATIO_FROM + 1, RATIO_FROM // HIGHEST_RATIO + 1)
    with pytest.raises(CannotRead, match=r"file\.too_much_unpacked"):
        out.unpacked(1, RATIO_FROM + 1, RATIO_FROM // HIGHEST_RATIO - 1)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bytes(range(256)), "file.unsupported kind=unknown"),
        (b"%PDF-1.7 broken", "file.damaged kind=pdf"),
        (
            office.zipped({"a.pdf": pdf.document(b"", password="x")}),
            "file.encrypted kind=pdf within=zip",
        ),
        (PICTURE, "file.no_text_recognition kind=image"),
    ],
)
def test_problems_name_the_kinds_of_files(problem: Any, data: bytes, said: str) -> None:
    assert problem(data) == said


@pytest.mark.parametrize(
    ("error", "said"), [(MemoryError, "file.out_of_memory"), (RecursionError, "file.too_deep"), (KeyError, "damaged")]
)
def test_whatever_a_reader_raises_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, problem: Any, error: type[Exception], said: str
) -> None:
    def read(source: Source, out: Extraction) -> None:
        raise error("hunter2")

    monkeypatch.setattr("promptguard.files.readers.text.read", read)
    message = problem(b"words")
    assert said in message
    assert "hunter2" not in message


def test_a_picture_is_read_once(size_teller: Any) -> None:
    out = Extraction(1_000, size_teller)
    assert out.picture(PICTURE, "one")
    assert out.picture(PICTURE, "two")
    assert [label for label, _ in out.texts] == ["one"]


def test_what_is_no_picture_is_read_as_what_it_is_and_a_damaged_one_is_not(size_teller: Any) -> None:
    out = Extraction(1_000, size_teller)
    assert out.picture(b"words", "figure")
    assert out.texts == [("figure", "words")]
    with pytest.raises(CannotRead, match=r"file\.unrecognised kind=image"):
        out.picture(PICTURE[:40])


@pytest.mark.parametrize(("needed", "read"), [(True, False), (False, True)])
def test_pictures_without_text_recognition(needed: bool, read: bool) -> None:
    out = Extraction(1_000, images_need_recognition=needed)
    assert [out.picture(PICTURE), out.picture(PICTURE)] == [read, read]


@pytest.mark.parametrize(
    ("data", "partly"),
    [
        (office.docx(office.paragraph("words"), {"word/media/a.mp4": b"x"}), True),
        (office.docx(office.paragraph("words"), {"word/embeddings/a.bin": bytes(range(256))}), True),
        (office.zipped({"a": "words", "b.docx": office.docx("", {"word/media/a.mp4": b"x"})}), True),
        (office.zipped({"a": "words", "b": bytes(range(256))}), False),
        (
            office.zipped({"a": "words", "b": bytes(range(256)), "c": office.docx("", {"word/media/a.mp4": b"x"})}),
            False,
        ),
    ],
)
def test_the_rest_is_read_where_a_part_cannot_be(data: bytes, partly: bool) -> None:
    """Objects and films in documents are parts; a member of an archive is a file of its own."""
    out = Extraction(1_000)
    with pytest.raises(CannotRead):
        out.file(Source(data))
    assert "words" in [text for _, text in out.texts]
    assert out.is_partly_read is partly


def test_bounds_on_all_of_a_file_end_the_reading() -> None:
    out = Extraction(20)
    with pytest.raises(CannotRead, match=r"file\.too_much_text kind=text within=zip"):
        out.file(Source(office.zipped({"a": "x" * 100, "b": "words"})))
    assert not out.is_partly_read
