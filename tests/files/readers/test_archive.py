from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from typing import Any

import pytest
import zstandard

from samples import office, pdf

COMPRESSORS: list[Callable[[bytes], bytes]] = [gzip.compress, bz2.compress, lzma.compress, zstandard.compress]


def tar(members: dict[str, bytes], link: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        if link:
            info = tarfile.TarInfo("link")
            info.type = tarfile.SYMTYPE
            info.linkname = link
            archive.addfile(info)
    return out.getvalue()


def test_zip_archives(texts: Any) -> None:
    data = office.zipped({"a.txt": "one", "b/c.pdf": pdf.document(pdf.text("two")), "d/": "", "empty": ""})
    assert texts(data) == [
        ("file names", "a.txt\nb/c.pdf\nempty"),
        ("a.txt", "one"),
        ("b/c.pdf / page 1", "two"),
    ]


def test_tar_archives(texts: Any) -> None:
    assert texts(tar({"a.txt": b"one"}, link="/etc/passwd")) == [
        ("a.txt", "one"),
        ("file names", "a.txt\nlink\n/etc/passwd"),
    ]


@pytest.mark.parametrize("compress", COMPRESSORS)
def test_compressed_files(texts: Any, compress: Callable[[bytes], bytes]) -> None:
    assert texts(compress(b"words"), "x.txt.gz") == [("", "words")]
    assert texts(compress(tar({"a.txt": b"one"})), "x.tgz")[0] == ("a.txt", "one")


@pytest.mark.parametrize("compress", COMPRESSORS)
def test_bombs(problem: Any, compress: Callable[[bytes], bytes]) -> None:
    assert "file.too_much_unpacked" in problem(compress(bytes(50_000_000)))


@pytest.mark.parametrize("compress", COMPRESSORS)
def test_truncated_files(problem: Any, compress: Callable[[bytes], bytes]) -> None:
    assert "damaged" in problem(compress(b"some words " * 1_000)[:-9])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (office.zipped({"a.txt": "one"})[:-30], "file.damaged kind=zip"),
        (office.zipped({"a.txt": "one", "b": bytes(range(256))}), "file.unsupported kind=unknown within=zip"),
        (office.zipped({str(number): "x" for number in range(2_001)}), "file.too_many_files kind=zip"),
        (tar({"a.txt": b"one"})[:700], "damaged"),
        (tar({"a.txt": b"one", "b.txt": b"two"}).replace(b"b.txt", b"c.txt"), "damaged"),
    ],
)
def test_what_cannot_be_read(problem: Any, data: bytes, said: str) -> None:
    assert said in problem(data)
