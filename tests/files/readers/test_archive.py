from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any

import py7zr
import pytest
import zstandard

from samples import office, pdf

NOTE = "the wifi word is pelican"

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


def commented(archive: str = "", member: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        info = zipfile.ZipInfo("a.txt")
        info.comment = member.encode()
        made.writestr(info, "one")
        made.comment = archive.encode()
    return out.getvalue()


def noted(name: str = "", comment: str = "") -> bytes:
    """A gzip stream with a name and a comment in its header."""
    packed = bytearray(gzip.compress(b"one"))
    packed[3] = 0x08 * bool(name) | 0x10 * bool(comment)
    notes = b"".join(note.encode() + b"\0" for note in (name, comment) if note)
    return bytes(packed[:10]) + notes + bytes(packed[10:])


def seven_zip(members: dict[str, bytes], **options: Any) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as archive:
        for name, content in members.items():
            archive.writestr(content, name)
    return out.getvalue()


def pax(comment: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": comment}) as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return out.getvalue()


def hidden_member() -> bytes:
    """A zip archive with a file that its directory does not name."""
    first = office.zipped({"a.txt": "x" * 50}, compression=zipfile.ZIP_STORED)
    hidden = first[: first.index(b"PK\x01\x02")]
    out = io.BytesIO(hidden)
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("b.txt", "two")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        commented(archive=NOTE),
        commented(member=NOTE),
        office.zipped({"a.txt": "one"}) + NOTE.encode(),
        office.zipped({"a.txt": "one"}) + office.zipped({"b.txt": NOTE}),
        office.zipped({NOTE: "one"}),
        noted(name=NOTE),
        noted(comment=NOTE),
        gzip.compress(b"one") + noted(name=NOTE),
        gzip.compress(b"one") + NOTE.encode(),
        bz2.compress(b"one") + NOTE.encode(),
        lzma.compress(b"one") + NOTE.encode(),
        pax(NOTE),
        tar({NOTE: b"one"}),
        tar({"a.txt": b"one"}, link=NOTE),
        seven_zip({"a.txt": NOTE.encode()}),
        seven_zip({NOTE: b"one"}),
        gzip.compress(seven_zip({"a.txt": NOTE.encode()})),
    ],
)
def test_notes_names_and_bytes_after_the_end(texts: Any, data: bytes) -> None:
    assert any(NOTE in text for _, text in texts(data))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (seven_zip({"a.txt": b"one"}, password="x"), "file.encrypted kind=seven_zip"),
        (seven_zip({"a.txt": b"one"}, password="x", header_encryption=True), "file.encrypted kind=seven_zip"),
        (seven_zip({"a.txt": bytes(60_000_000)}), "file.too_much_unpacked kind=seven_zip"),
        (seven_zip({"a.txt": b"one"})[:-9], "file.damaged kind=seven_zip"),
        (seven_zip({"a": bytes(range(256))}), "file.unsupported kind=unknown within=seven_zip"),
        (hidden_member(), "file.damaged kind=zip within=zip"),
    ],
)
def test_archives_that_cannot_be_read_in_full(problem: Any, data: bytes, said: str) -> None:
    assert problem(data) == said


@pytest.mark.parametrize("compress", COMPRESSORS)
def test_bombs(problem: Any, compress: Callable[[bytes], bytes]) -> None:
    assert "file.too_much_unpacked" in problem(compress(bytes(50_000_000)))


@pytest.mark.parametrize("compress", COMPRESSORS[:3])
def test_streams_one_after_the_other_are_counted(texts: Any, problem: Any, compress: Callable[[bytes], bytes]) -> None:
    assert texts(compress(b"a") * 50) == [("", "a" * 50)]
    assert problem(compress(b"a") * 2_100) == "file.too_many_files kind=compressed"


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
