from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from promptguard.errors import Unreadable
from promptguard.wire.encodings import decode

LIMIT = 1_000_000
TEXT = b'{"prompt":"' + b"some words, " * 2_000 + b'"}'


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def zstd_of_unknown_size(data: bytes) -> bytes:
    stream = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    return stream.compress(data) + stream.flush()


@pytest.mark.parametrize(
    ("name", "encode"),
    [
        ("", bytes),
        ("identity", bytes),
        ("gzip", gzip.compress),
        ("GZip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("gzip", lambda data: gzip.compress(data[:100]) + gzip.compress(data[100:])),
        ("gzip", lambda data: gzip.compress(data) + b"\0" * 100),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("br", brotli.compress),
        ("zstd", zstd),
        ("zstd", zstd_of_unknown_size),
        ("zstd", lambda data: zstd(data[:100]) + zstd(data[100:])),
        ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
        ("identity,deflate , zstd", lambda data: zstd(zlib.compress(data))),
    ],
)
def test_decodes(name: str, encode: Callable[[bytes], bytes]) -> None:
    assert decode(encode(TEXT), name, LIMIT) == TEXT


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd", ""])
def test_an_empty_body_stays_empty(name: str) -> None:
    assert decode(b"", name, LIMIT) == b""


ENCODERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotli.compress),
    ("zstd", zstd),
    ("zstd", zstd_of_unknown_size),
]


@pytest.mark.parametrize(("name", "encode"), ENCODERS)
def test_broken_data_is_unreadable(name: str, encode: Callable[[bytes], bytes]) -> None:
    whole = encode(TEXT)
    for broken in (whole[: len(whole) // 2], whole[:-1], whole + b"something behind it", b"\xde\xad\xbe\xef" + whole):
        with pytest.raises(Unreadable):
            decode(broken, name, LIMIT)


@pytest.mark.parametrize(("name", "encode"), [("", bytes), *ENCODERS])
def test_the_limit_counts_what_comes_out(name: str, encode: Callable[[bytes], bytes]) -> None:
    whole = encode(TEXT)
    assert decode(whole, name, len(TEXT)) == TEXT
    with pytest.raises(Unreadable, match=r"body\.too_large megabytes="):
        decode(whole, name, len(TEXT) - 1)


@pytest.mark.parametrize(("name", "encode"), ENCODERS)
def test_a_bomb_takes_little_memory(name: str, encode: Callable[[bytes], bytes]) -> None:
    bomb = encode(bytes(40_000_000))
    assert len(bomb) < 200_000
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable, match=r"body\.too_large"):
            decode(bomb, name, LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("snappy", "encoding.unsupported encoding=snappy"),
        ("hunter2-is-my-password", "encoding.unknown"),
        ("gzip, lz4", "encoding.unsupported encoding=lz4"),
        ("gzip, gzip, gzip, gzip", "encoding.too_many"),
    ],
)
def test_unknown_encodings_are_unreadable(name: str, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decode(TEXT, name, LIMIT)
    assert str(caught.value) == why
    assert "hunter2" not in str(caught.value)


def gzip_with(flags: int, field: bytes) -> bytes:
    """A gzip member with an optional field in its header (RFC 1952, 2.3)."""
    whole = gzip.compress(TEXT, mtime=0)
    return whole[:3] + bytes([flags]) + whole[4:10] + field + whole[10:]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("gzip", gzip_with(0x04, b"\x05\0words")),
        ("gzip", gzip_with(0x08, b"words.txt\0")),
        ("gzip", gzip_with(0x10, b"words\0")),
        ("gzip", gzip.compress(TEXT) + gzip_with(0x10, b"words\0")),
        ("zstd", b"\x50\x2a\x4d\x18\x05\0\0\0words" + zstd(TEXT)),
        ("zstd", zstd(TEXT) + b"\x5f\x2a\x4d\x18\x05\0\0\0words"),
        ("br, gzip", gzip_with(0x08, b"words.txt\0")),
    ],
)
def test_what_decoders_pass_over_is_not_passed_over(name: str, body: bytes) -> None:
    with pytest.raises(Unreadable) as raised:
        decode(body, name, LIMIT)
    assert str(raised.value.reason) == "encoding.broken"


def with_metadata(words: bytes, content: bytes) -> bytes:
    """Brotli whose content is stored as it is, behind a block of metadata (RFC 7932, 9.1 and 9.2)."""

    def packed(*fields: tuple[int, int]) -> bytes:
        number = position = 0
        for value, bits in fields:
            number |= value << position
            position += bits
        return number.to_bytes((position + 7) // 8, "little")

    head = packed((0, 1), (0, 1), (3, 2), (0, 1), (1, 2), (len(words) - 1, 8))
    return head + words + packed((0, 1), (0, 2), (len(content) - 1, 16), (1, 1)) + content + b"\x03"


def test_words_in_brotlis_metadata_are_no_content() -> None:
    content = b'{"prompt": "hello, please say something nice"}'
    assert decode(with_metadata(b"\x00\x01", content), "br", 1000) == content
    with pytest.raises(Unreadable):
        decode(with_metadata(b"my password is heron-and-otter", content), "br", 1000)
