from __future__ import annotations

import base64
from typing import Any

import pytest

from promptguard.files.data_urls import read_data_url
from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from samples import images, pdf


def url(data: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("data:text/plain,hello%20world", ["hello world"]),
        ("data:,hello", ["hello"]),
        (url(b"hello", "text/plain"), ["hello"]),
        (url(pdf.document(pdf.text("A page.")), "application/pdf"), ["A page."]),
        (url(images.encoded(images.written("x")), "image/png"), ["an image of 900 by 96"]),
        (url(b"\0\1\0\0", "font/ttf"), []),
    ],
)
def test_files_in_urls(size_teller: Any, value: str, texts: list[str]) -> None:
    out = Extraction(1_000, size_teller)
    assert read_data_url(value, out)
    assert [text for _, text in out.texts] == texts


@pytest.mark.parametrize("value", ["https://example.org/data:x,", "database: x", "data:image/png;base64,\N{SNOWMAN}x"])
def test_what_is_no_file(value: str) -> None:
    out = Extraction(1_000)
    read_data_url(value, out)
    assert out.texts == []


def test_a_file_that_cannot_be_read() -> None:
    with pytest.raises(CannotRead, match=r"file\.unsupported kind=unknown"):
        read_data_url(url(bytes(range(256)), "application/x-own"), Extraction(1_000))
