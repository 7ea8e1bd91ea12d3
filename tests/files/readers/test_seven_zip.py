from __future__ import annotations

import io
from typing import Any

import py7zr
import pytest
from py7zr import (
    FILTER_BROTLI,
    FILTER_BZIP2,
    FILTER_COPY,
    FILTER_DEFLATE,
    FILTER_DELTA,
    FILTER_LZMA,
    FILTER_LZMA2,
    FILTER_PPMD,
    FILTER_X86,
    FILTER_ZSTD,
)

from promptguard.files.limits import MAX_MEMBERS
from samples import office, pdf


def archive(members: dict[str, bytes], **options: Any) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as made:
        for name, content in members.items():
            made.writestr(content, name)
    return out.getvalue()


@pytest.mark.parametrize(
    "filters",
    [
        [{"id": FILTER_LZMA2}],
        [{"id": FILTER_LZMA}],
        [{"id": FILTER_DELTA}, {"id": FILTER_LZMA2}],
        [{"id": FILTER_X86}, {"id": FILTER_LZMA2}],
        [{"id": FILTER_BZIP2}],
        [{"id": FILTER_DEFLATE}],
        [{"id": FILTER_PPMD, "order": 6, "mem": 24}],
        [{"id": FILTER_ZSTD, "level": 3}],
        [{"id": FILTER_BROTLI, "level": 3}],
        [{"id": FILTER_COPY}],
    ],
    ids=["LZMA2", "LZMA", "delta", "x86", "bzip2", "deflate", "PPMd", "Zstandard", "Brotli", "stored"],
)
def test_members_in_every_way_of_packing(texts: Any, filters: list[dict[str, int]]) -> None:
    assert texts(archive({"a.txt": b"one", "b/c.txt": b"two"}, filters=filters)) == [
        ("file names", "a.txt\nb/c.txt"),
        ("a.txt", "one"),
        ("b/c.txt", "two"),
    ]


@pytest.mark.parametrize(
    ("content", "label", "text"),
    [
        (pdf.document(pdf.text("two")), "x / page 1", "two"),
        (office.docx(office.paragraph("three")), "x", "three"),
        (office.zipped({"a.txt": "four"}), "x / a.txt", "four"),
        (archive({"a.txt": b"five"}), "x / a.txt", "five"),
        ("Grüße".encode("utf-16"), "x", "Grüße"),
    ],
    ids=["PDF", "Word", "zip", "7z", "UTF-16"],
)
def test_members_are_read_by_their_kind(texts: Any, content: bytes, label: str, text: str) -> None:
    assert (label, text) in texts(archive({"x": content}))


@pytest.mark.parametrize("members", [{}, {"a.txt": b""}])
def test_nothing_in_it(texts: Any, members: dict[str, bytes]) -> None:
    assert [text for _, text in texts(archive(members))] == list(members)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (archive({"a": b"x"}, password="x"), "file.encrypted kind=seven_zip"),
        (archive({"a": b"x"}, password="x", header_encryption=True), "file.encrypted kind=seven_zip"),
        (archive({"a": b"some words " * 99})[:40], "file.damaged kind=seven_zip"),
        (archive({"a": b"words"}).replace(b"words", b"wor"), "file.damaged kind=seven_zip"),
        (archive({f"{each}": b"x" for each in range(MAX_MEMBERS + 1)}), "file.too_many_files kind=seven_zip"),
        (archive({"a": bytes(40_000_000)}), "file.too_much_unpacked kind=seven_zip"),
        (archive({"a": b"one", "b": bytes(range(256))}), "file.unsupported kind=unknown within=seven_zip"),
    ],
    ids=["encrypted", "encrypted names", "cut", "damaged", "many", "bomb", "a member that is not read"],
)
def test_what_cannot_be_read(problem: Any, data: bytes, said: str) -> None:
    assert problem(data) == said
