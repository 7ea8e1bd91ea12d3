"""Compresses content in the encoding that other content came in: what `wire/encodings` undoes."""

from __future__ import annotations

import gzip
import zlib
from typing import Final

import brotli
import zstandard

_LEVEL: Final = 6
_BROTLI_QUALITY: Final = 5
"""As good as gzip's, and as quick: the highest takes a hundred times as long."""


def compressed(content: bytes, encoding: str, like: bytes = b"") -> bytes | None:
    """The content in one content encoding; None where there is none of that name.

    Args:
        encoding: its name (RFC 9110, 8.4.1), as a header gives it.
        like: what came in that encoding: `deflate` is the zlib format or a bare stream, as there.
    """
    match encoding.strip().lower():
        case "gzip" | "x-gzip":
            return gzip.compress(content, _LEVEL, mtime=0)
        case "deflate":
            window = zlib.MAX_WBITS if is_zlib(like) or not like else -zlib.MAX_WBITS
            stream = zlib.compressobj(_LEVEL, zlib.DEFLATED, window)
            return stream.compress(content) + stream.flush()
        case "br":
            return bytes(brotli.compress(content, quality=_BROTLI_QUALITY))
        case "zstd":
            return zstandard.ZstdCompressor().compress(content)
    return None


def is_zlib(data: bytes) -> bool:
    """Whether data begin as the zlib format does (RFC 1950, 2.2)."""
    return len(data) > 1 and data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
