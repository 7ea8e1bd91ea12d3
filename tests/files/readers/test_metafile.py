from __future__ import annotations

import io
import struct
from typing import Any

import pytest

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from samples import images, office

HEADER = struct.pack("<II", 1, 108) + bytes(100)


def record(kind: int, content: bytes) -> bytes:
    content += bytes(-len(content) % 4)
    return struct.pack("<II", kind, 8 + len(content)) + content


def drawn(text: str, *, options: int = 0) -> bytes:
    """A record that draws a text."""
    content = text.encode("utf-16-le")
    content += bytes(-len(content) % 4)
    head = struct.pack("<II", 84, 76 + len(content)) + bytes(36) + struct.pack("<III", len(text), 76, options)
    return head + bytes(76 - len(head)) + content


def drawn_narrow(text: str) -> bytes:
    return (
        drawn(text)
        .replace(struct.pack("<I", 84), struct.pack("<I", 83), 1)
        .replace(text.encode("utf-16-le"), text.encode().ljust(2 * len(text), b" "))
    )


def small(text: str) -> bytes:
    return record(108, bytes(8) + struct.pack("<II", len(text), 0x300) + bytes(12) + text.encode())


def plus(text: str) -> bytes:
    """A record of EMF+ in a comment."""
    content = bytes(8) + struct.pack("<I", len(text)) + bytes(16) + text.encode("utf-16-le")
    inner = struct.pack("<HHII", 0x401C, 0, 12 + len(content), len(content)) + content
    return record(70, struct.pack("<I", 4 + len(inner)) + b"EMF+" + inner)


def picture() -> bytes:
    """A record that shows a bitmap."""
    out = io.BytesIO()
    images.written("x").convert("L").save(out, "BMP")
    header, pixels = out.getvalue()[14:1078], out.getvalue()[1078:]
    places = struct.pack("<IIII", 80, len(header), 80 + len(header), len(pixels))
    return record(81, bytes(40) + places + bytes(16) + header + pixels)


def windows(*records: tuple[int, bytes]) -> bytes:
    """A metafile of Windows 3."""
    body = b"".join(struct.pack("<IH", 3 + len(content) // 2, kind) + content for kind, content in records)
    return b"\x01\0\x09\0\0\x03" + bytes(12) + body + struct.pack("<IH", 3, 0)


def wmf_text(text: str) -> tuple[int, bytes]:
    return 0x0A32, struct.pack("<HHHH", 0, 0, len(text), 0) + text.encode("cp1252") + b"\0" * (len(text) % 2)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (HEADER + drawn("4111") + record(70, b"") + drawn("straße"), "4111\nstraße"),
        (HEADER + drawn_narrow("pelican"), "pelican"),
        (HEADER + small("pelican"), "pelican"),
        (HEADER + plus("pelican"), "pelican"),
        (windows(wmf_text("straße")), "straße"),
        (windows((0x0521, struct.pack("<H", 8) + b"pelicans")), "pelicans"),
        (b"\xd7\xcd\xc6\x9a" + bytes(18) + windows(wmf_text("pelicans")), "pelicans"),
        (HEADER + drawn("before") + b"\1", "before"),
    ],
)
def test_text_that_is_drawn(texts: Any, data: bytes, text: str) -> None:
    assert texts(data) == [("", text)]


@pytest.mark.parametrize("rest", [struct.pack("<II", 84, 0), struct.pack("<II", 84, 1 << 31), drawn("x")[:60]])
def test_what_stands_before_broken_records_is_read(rest: bytes) -> None:
    out = Extraction(100)
    with pytest.raises(CannotRead, match=r"file\.damaged kind=metafile"):
        out.file(Source(HEADER + drawn("before") + rest))
    assert out.texts == [("", "before")]


def test_pictures(texts: Any, problem: Any, size_teller: Any) -> None:
    assert texts(HEADER + picture(), recogniser=size_teller) == [("picture", "an image of 900 by 96")]
    assert problem(HEADER + picture()) == "file.no_text_recognition kind=metafile"
    assert texts(HEADER + picture() + drawn("words")) == [("", "words")]


@pytest.mark.parametrize(
    "data", [HEADER, HEADER + record(27, bytes(8)), HEADER + drawn("123", options=0x10), windows((0x0213, bytes(4)))]
)
def test_lines_alone_may_be_letters(problem: Any, data: bytes) -> None:
    assert problem(data) == "file.unrecognised kind=metafile"


def test_lines_illustrate_documents(texts: Any, problem: Any) -> None:
    parts = {"word/media/image1.emf": HEADER + record(27, bytes(8))}
    assert texts(office.docx(office.paragraph("words"), parts)) == [("", "words")]
    assert problem(office.docx("", parts)) == "file.no_text_recognition kind=word"
