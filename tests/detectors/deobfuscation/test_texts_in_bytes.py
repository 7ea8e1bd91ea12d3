from __future__ import annotations

import gzip
import random
import struct
import zlib

import brotli
import pytest
import zstandard

from promptguard.detectors.deobfuscation.texts_in_bytes import texts_in

TEXT = "hello, my dear friend"


def field(number: int, content: bytes) -> bytes:
    """A length-delimited field of protocol buffers."""
    return bytes((number << 3 | 2, len(content))) + content


MESSAGE = field(1, b"anna") + field(2, TEXT.encode())


@pytest.mark.parametrize(
    "data",
    [
        MESSAGE,
        field(1, b"\xff\xfe") + MESSAGE,
        b"\0" + struct.pack(">I", len(MESSAGE)) + MESSAGE,
        b"\1" + struct.pack(">I", 99) + gzip.compress(MESSAGE),
        b"\1" + struct.pack(">I", 99) + zstandard.compress(MESSAGE),
        field(3, gzip.compress(MESSAGE)),
        brotli.compress(TEXT.encode()),
        zstandard.compress(TEXT.encode()),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("cp037"),
        TEXT.encode("cp500"),
        b"\xe9\xff" + TEXT.encode() + bytes(range(128, 256)),
    ],
)
def test_texts_among_other_bytes(data: bytes) -> None:
    assert TEXT in (texts_in(data, 10_000) or "")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n" + MESSAGE,
        random.Random(5).randbytes(2_000),  # made anew each time
        zlib.compress(random.Random(5).randbytes(500)),
        bytes(500),
    ],
)
def test_other_bytes(data: bytes) -> None:
    assert texts_in(data, 10_000) is None


def test_no_more_than_the_limit_is_made() -> None:
    bomb = b"\0" * 5 + gzip.compress(b"abc def " * 1_000_000)
    assert len(texts_in(bomb, 1_000) or "") <= 1_000
    assert len(texts_in(brotli.compress(b"abc def " * 1_000_000), 1_000) or "") <= 70_000
