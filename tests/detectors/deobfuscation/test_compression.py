import gzip
import zlib

import pytest

from promptguard.detectors.deobfuscation.compression import decompress, is_compressed, looks_deflated

TEXT = b"hello, my friend " * 1000


def raw(data: bytes) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressor.compress(data) + compressor.flush()


@pytest.mark.parametrize("data", [gzip.compress(TEXT), zlib.compress(TEXT), raw(TEXT)])
def test_what_is_compressed_is_decompressed_up_to_a_limit(data: bytes) -> None:
    assert decompress(data, 1_000_000) == TEXT
    assert decompress(data, 20) == TEXT[:20]
    assert decompress(data, 0) == b""
    assert is_compressed(data) or looks_deflated(data)


def test_what_is_left_of_broken_data_counts() -> None:
    text = bytes(range(32, 127)) * 3_000
    data = zlib.compress(text, 0)
    broken = data[:100_000] + b"\xff" * 50_000
    assert text.startswith(decompress(broken, 1_000_000)[:50_000])
    assert len(decompress(broken, 1_000_000)) > 50_000
    assert text.startswith(decompress(data[:70_000], 1_000_000))


@pytest.mark.parametrize("data", [b"", b"abc", b"hello, my friend", b"\xff" * 100])
def test_other_data_gives_nothing(data: bytes) -> None:
    assert decompress(data, 100) == b""
    assert not is_compressed(data)
