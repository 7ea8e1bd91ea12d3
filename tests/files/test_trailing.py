from __future__ import annotations

import pytest

from promptguard.files.extraction import Extraction
from promptguard.files.trailing import read_rest
from samples import office, pdf


@pytest.mark.parametrize(
    ("rest", "texts"),
    [
        (b"", []),
        (b"\0\0 \xff\r\n", []),
        (b"\0\0the wifi word", [("after the end", "the wifi word")]),
        ("Grüße".encode(), [("after the end", "Grüße")]),
        (b"\x01\x02\x03the wifi word\x00\x04", [("after the end", "the wifi word")]),
        ("wide words".encode("utf-16-le"), [("after the end", "wide words")]),
        (pdf.document(pdf.text("inside")), [("after the end / page 1", "inside")]),
        (office.zipped({"a.txt": "inside"}), [("after the end", "a.txt"), ("after the end / a.txt", "inside")]),
    ],
    ids=["nothing", "padding", "text", "UTF-8", "binary", "UTF-16", "PDF", "zip"],
)
def test_bytes_after_the_end(rest: bytes, texts: list[tuple[str, str]]) -> None:
    out = Extraction(1_000)
    read_rest(rest, out)
    assert [(label.removesuffix(" / file names"), text) for label, text in out.texts] == texts


def test_a_file_that_was_read_already_is_not_read_again() -> None:
    out = Extraction(1_000)
    for _ in range(2):
        read_rest(office.zipped({"a.txt": "inside"}), out)
    assert [text for _, text in out.texts] == ["a.txt", "inside"]


def test_what_cannot_be_read_is_missed() -> None:
    out = Extraction(1_000)
    out._kinds.append("pdf")
    read_rest(b"Rar!\x1a\x07\x01\0", out, "between")
    assert [str(reason) for reason in out._unread] == ["file.unsupported kind=rar within=pdf"]
