from __future__ import annotations

import zlib

import pytest

from promptguard.wire.compression import compressed, is_zlib
from promptguard.wire.encodings import decode_whole, decoders_for


def bare(content: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(content) + stream.flush()


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZIP ", "deflate", "br", "zstd"])
@pytest.mark.parametrize("content", [b"", b"hello", bytes(200_000)])
def test_what_is_compressed_is_read_again(encoding: str, content: bytes) -> None:
    data = compressed(content, encoding)
    assert data is not None
    (decoder,) = decoders_for(encoding) or ()
    assert decode_whole(data, decoder, 300_000) == content


@pytest.mark.parametrize("encoding", ["", "identity", "snappy", "gzip, br"])
def test_what_is_not_known(encoding: str) -> None:
    assert compressed(b"hello", encoding) is None


@pytest.mark.parametrize(("like", "expected"), [(zlib.compress(b"hi"), True), (bare(b"hi"), False), (b"", True)])
def test_deflate_is_what_it_was(like: bytes, expected: bool) -> None:
    assert is_zlib(compressed(b"hello", "deflate", like) or b"") is expected
