from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import zipfile

import pytest
import zstandard

from promptguard.detectors.embedded_files import MAX_FILES, embedded_files

WORDS = b"nothing but words, of which there are some more " * 3


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", WORDS)
    return out.getvalue()


ZIP = zipped()
BASE64 = base64.b64encode(ZIP).decode()
FILES = {
    "zip": ZIP,
    "pdf": b"%PDF-1.7\n" + WORDS,
    "compound": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "rtf": b"{\\rtf1 " + WORDS,
    "binary in gzip": gzip.compress(b"ustar\0" + bytes(600)),
    "bzip2": bz2.compress(WORDS),
    "xz": lzma.compress(WORDS),
    "zstandard": zstandard.compress(WORDS),
    "7z": b"7z\xbc\xaf\x27\x1c\0\4" + bytes(90),
    "rar": b"Rar!\x1a\x07\x01\0" + bytes(90),
    "sqlite": b"SQLite format 3\0" + bytes(600),
}


@pytest.mark.parametrize("name", FILES)
def test_each_kind(name: str) -> None:
    data = FILES[name]
    for run in (base64.b64encode(data), base64.urlsafe_b64encode(data).rstrip(b"=")):
        assert list(embedded_files(f"please read {run.decode()} for me")) == [data]
    for digits in (data.hex(), data.hex().upper(), data.hex(" "), data.hex(":")):
        assert list(embedded_files(f'data = "{digits}"')) == [data]


@pytest.mark.parametrize(
    "text",
    [
        BASE64,
        f"data:application/zip;base64,{BASE64}",
        f"\n{base64.encodebytes(ZIP).decode()}\nthanks",
        "> " + base64.encodebytes(ZIP).decode().replace("\n", "\n> "),
        json.dumps({"file": base64.encodebytes(ZIP).decode()}),
        json.dumps(json.dumps({"file": base64.encodebytes(ZIP).decode()})),
        f"bytes.fromhex('0x{ZIP.hex()}')",
        base64.encodebytes(ZIP).decode().replace("\n", "\\\n"),
        f"größer: {BASE64}",
    ],
)
def test_wherever_it_stands(text: str) -> None:
    assert list(embedded_files(text)) == [ZIP]


@pytest.mark.parametrize(
    "text",
    [
        "UEsDBBQABgAIAAAAIQ is how a zip file begins, and %PDF-1.7 a document",
        "x" + BASE64,  # within another run, by chance
        f"see {base64.b64encode(WORDS).decode()}",
        f"see {base64.b64encode(gzip.compress(WORDS, mtime=0)).decode()}",  # a text, which detectors unpack
        f"see {base64.b64encode(b'BZh9 is no block of bzip2, though it looks like one').decode()}",
        "1f8b08 is a colour, and so is 425a68; but that makes no file of them",
        "",
    ],
)
def test_what_is_none(text: str) -> None:
    assert list(embedded_files(text)) == []


def test_no_more_than_are_read() -> None:
    assert len(list(embedded_files(f"{BASE64} " * (2 * MAX_FILES)))) == MAX_FILES + 1
