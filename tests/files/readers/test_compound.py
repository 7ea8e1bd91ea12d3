from __future__ import annotations

import struct
from typing import Any

import pytest

from samples import office, pdf
from samples.compound import compound

SOURCE = b'Attribute VB_Name = "M"\r\nConst Token = "pelican"\r\n'


def module(source: bytes) -> bytes:
    """A module's stream: some compiled code, then its source code, compressed without a single copy."""
    chunk = b"".join(b"\0" + source[start : start + 8] for start in range(0, len(source), 8))
    return b"compiled" + b"\1" + struct.pack("<H", 0xB000 | len(chunk) - 1) + chunk


def native(name: str, data: bytes) -> bytes:
    """The stream of a file that was put into a document as an icon."""
    label = name.encode() + b"\0"
    inner = (
        b"\2\0" + label + label + bytes(4) + struct.pack("<I", len(label)) + label + struct.pack("<I", len(data)) + data
    )
    return struct.pack("<I", len(inner)) + inner


def test_macros(texts: Any) -> None:
    project = compound({"VBA/Module1": module(SOURCE), "VBA/dir": b"\1\0", "PROJECT": b"x"})
    document = office.docx(office.paragraph("x"), {"word/vbaProject.bin": project})
    assert texts(document) == [("", "x"), ("vbaProject.bin / macro Module1", SOURCE.decode())]


@pytest.mark.parametrize(
    "streams",
    [
        {"\1Ole10Native": native("list.pdf", pdf.document(pdf.text("inside")))},
        {"Package": office.docx(office.paragraph("inside"))},
        {"CONTENTS": pdf.document(pdf.text("inside"))},
    ],
)
def test_files_in_documents(texts: Any, streams: dict[str, bytes]) -> None:
    document = office.docx(office.paragraph("x"), {"word/embeddings/oleObject1.bin": compound(streams)})
    assert any(text == "inside" for _, text in texts(document))


@pytest.mark.parametrize(
    ("streams", "said"),
    [
        ({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}, "file.encrypted kind=compound"),
        ({"Workbook": b"x"}, "file.damaged kind=compound"),
        ({"Something": b"x"}, "file.unrecognised kind=compound"),
        ({"WordDocument": bytes(900), "0Table": b"x"}, "file.damaged kind=compound"),
        ({"Package": b"x", "Object/Workbook": b"x"}, "file.damaged kind=compound"),
    ],
)
def test_what_cannot_be_read(problem: Any, streams: dict[str, bytes], said: str) -> None:
    assert problem(compound(streams)).endswith(said)


@pytest.mark.parametrize("name", ["Root Entry", "Package"])
def test_sizes_that_are_lies(problem: Any, name: str) -> None:
    data = bytearray(compound({"Package": b"x" * 5_000, "small": b"x"}))
    struct.pack_into("<I", data, data.index(name.encode("utf-16-le")) + 120, 0x7FFF0000)
    assert "damaged" in problem(bytes(data))


def test_damaged_files(problem: Any) -> None:
    data = compound({"Package": b"x" * 10_000})
    for end in (8, 100, 512, 700, len(data) - 700):
        assert "kind=compound" in problem(data[:end])
