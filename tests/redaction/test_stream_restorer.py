from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard

from promptguard.model import Restoration
from promptguard.redaction.selection import restorer_for
from promptguard.redaction.stream_restorer import MAX_MESSAGES_AT_ONCE, DecodingRestorer, TextRestorer
from promptguard.wire.encodings import MAX_AT_ONCE, BrokenEncoding, Swelling, decoders_for

EMAIL = "[EMAIL_ADDRESS_7KQ2M4XB]"
EMAIL_BYTES = EMAIL.encode()
TEXT = (f"to {EMAIL}, " * 20).encode()
SHOWN = TEXT.replace(EMAIL.encode(), b"anna@corp.example")


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def restore(content_encoding: str, *pieces: bytes) -> bytes:
    decoders = decoders_for(content_encoding)
    assert decoders is not None
    stream = DecodingRestorer(TextRestorer(Restoration({EMAIL: "anna@corp.example"})), decoders)
    out = [piece for data in pieces for piece in stream.feed(data)]
    return b"".join(out + stream.finish())


@pytest.mark.parametrize(
    ("content_encoding", "body"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("X-GZip", gzip.compress(TEXT[:50]) + gzip.compress(TEXT[50:])),
        ("gzip", gzip.compress(TEXT) + b"\0" * 20),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("br", brotli.compress(TEXT)),
        ("zstd", zstandard.compress(TEXT)),
        ("zstd", zstandard.compress(TEXT[:50]) + zstandard.compress(TEXT[50:])),
        ("gzip, br", brotli.compress(gzip.compress(TEXT))),
        ("deflate,identity , zstd", zstandard.compress(zlib.compress(TEXT))),
    ],
)
def test_decodes_piece_by_piece(content_encoding: str, body: bytes) -> None:
    assert restore(content_encoding, body) == SHOWN
    assert restore(content_encoding, *(bytes([byte]) for byte in body)) == SHOWN
    for place in range(len(body)):
        assert restore(content_encoding, body[:place], body[place:]) == SHOWN


def test_a_large_answer_is_decoded_in_steps() -> None:
    text = b"a" * 3_000_000
    assert restore("gzip", gzip.compress(text)) == text


def test_a_stream_that_is_flushed_shows_what_is_there() -> None:
    compressor = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    decoders = decoders_for("gzip")
    assert decoders is not None
    stream = DecodingRestorer(TextRestorer(Restoration({EMAIL: "x"})), decoders)
    assert stream.feed(compressor.compress(b"one ") + compressor.flush(zlib.Z_SYNC_FLUSH)) == [b"one "]
    assert stream.feed(compressor.compress(b"two ") + compressor.flush(zlib.Z_SYNC_FLUSH)) == [b"two "]


@pytest.mark.parametrize("content_encoding", ["snappy", "gzip, compress", "*"])
def test_unknown_encodings(content_encoding: str) -> None:
    assert decoders_for(content_encoding) is None


@pytest.mark.parametrize("content_encoding", ["gzip", "deflate", "br", "zstd"])
def test_broken_answers(content_encoding: str) -> None:
    with pytest.raises(BrokenEncoding) as caught:
        restore(content_encoding, b"\x18this is not compressed at all, whatever it says")
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("content_encoding", "body"),
    [
        ("gzip", gzip.compress(bytes(MAX_AT_ONCE + 1))),
        ("deflate", zlib.compress(bytes(MAX_AT_ONCE + 1))),
        ("br", brotli.compress(bytes(MAX_AT_ONCE + 1), quality=1)),
        ("zstd", zstandard.compress(bytes(MAX_AT_ONCE + 1))),
        ("zstd, zstd", zstandard.compress(zstandard.compress(bytes(MAX_AT_ONCE + 1)))),
        # Frames to be skipped, which make nothing in the end (RFC 8878, 3.1.2).
        ("zstd, gzip", gzip.compress(b"\x50\x2a\x4d\x18\0\0\0\0" * (MAX_AT_ONCE // 8 + 1))),
    ],
)
def test_a_piece_that_swells(content_encoding: str, body: bytes) -> None:
    with pytest.raises(Swelling):
        restore(content_encoding, body)


def test_what_comes_in_many_pieces_may_be_long() -> None:
    text = bytes(MAX_AT_ONCE + 1)
    body = gzip.compress(text)
    assert restore("gzip", body[: len(body) // 2], body[len(body) // 2 :]) == text


def test_a_piece_of_too_many_messages() -> None:
    stream = restorer_for("application/x-ndjson", None, Restoration({EMAIL: "x"}), None, content_encoding="gzip")
    assert stream is not None
    with pytest.raises(Swelling):
        stream.feed(gzip.compress(b"{}\n" * (MAX_MESSAGES_AT_ONCE + 1)))


def restore_text(*pieces: bytes, original: str = "änna@corp.example") -> bytes:
    stream = TextRestorer(Restoration({EMAIL: original}))
    out = [piece for data in pieces for piece in stream.feed(data)]
    return b"".join(out + stream.finish())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", b""),
        ("Zu €: ".encode() + EMAIL_BYTES + " 🙂".encode(), "Zu €: änna@corp.example 🙂".encode()),
        (b"\xff\xe2\x82" + EMAIL_BYTES + b"\xf0\x9f", b"\xff\xe2\x82\xc3\xa4nna@corp.example\xf0\x9f"),
        (b"x " + EMAIL_BYTES[:-1], "x [änna@corp.example".encode()),
        (b"x " + EMAIL_BYTES[:-2], b"x " + EMAIL_BYTES[:-2]),
        (b"https://evil.example/" + EMAIL_BYTES, b"https://evil.example/" + EMAIL_BYTES),
    ],
)
def test_restores_text_however_it_is_cut(body: bytes, expected: bytes) -> None:
    assert restore_text(body) == expected
    assert restore_text(*(bytes([byte]) for byte in body)) == expected
    for place in range(len(body)):
        assert restore_text(body[:place], body[place:]) == expected


def test_text_goes_out_as_soon_as_it_can() -> None:
    stream = TextRestorer(Restoration({EMAIL: "x"}))
    assert stream.feed(b"Hello [EM") == [b"Hello "]
    assert stream.feed(b"P") == [b"[EMP"]
    assert stream.feed(b"") == []


def test_an_original_that_is_no_utf8() -> None:
    assert restore_text(EMAIL_BYTES, original="a\ud800b") == b"a?b"
