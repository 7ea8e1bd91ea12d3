"""Undoes the content encodings of a request body (RFC 9110, section 8.4), within a limit.

Every decoder is fed in small steps and asked for bounded output, so that a body which expands without end
costs no more memory than the limit plus one step.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

import brotli
import zstandard

from promptguard.errors import Unreadable
from promptguard.reasons import Code

STEP: Final = 64 * 1024
"""Bytes of output asked for at a time."""

ZSTD_STEP: Final = 256
"""Bytes of Zstandard fed at a time. A block of four bytes can stand for 128 KiB (RFC 8878, 3.1.1.2), so this bounds
what one step can make to 8 MiB."""

ZSTD_WINDOW: Final = 8 * 1024 * 1024
"""The largest window a decoder has to accept for this content encoding (RFC 9659)."""

MOST_ENCODINGS: Final = 3
"""Encodings on top of each other: no client stacks more, and each one multiplies the work."""

NAMED_IN_REASONS: Final = frozenset(
    {"aes128gcm", "bzip2", "compress", "dcb", "dcz", "exi", "lz4", "lzma", "pack200-gzip", "snappy", "x-compress", "xz"}
)
"""Encodings that a reason may call by name: a header is the client's text, and nothing else of it is repeated."""


def decode(body: bytes, content_encoding: str, limit: int) -> bytes:
    """The body without its content encodings; `content_encoding` is the header's value, `limit` is in bytes.

    Raises:
        Unreadable: an encoding that is not known, broken data, or more than `limit` bytes of content.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > MOST_ENCODINGS:
        raise Unreadable(Code.ENCODING_TOO_MANY)
    decoders = [_decoder(name) for name in names]
    if len(body) > limit:
        raise _too_large(limit)
    for decoder in reversed(decoders):
        if body:
            body = decoder(body, limit)
    return body


def _decoder(name: str) -> Callable[[bytes, int], bytes]:
    decoder = _DECODERS.get(name)
    if decoder is None:
        if name in NAMED_IN_REASONS:
            raise Unreadable(Code.ENCODING_UNSUPPORTED, encoding=name)
        raise Unreadable(Code.ENCODING_UNKNOWN)
    return decoder


def _too_large(limit: int) -> Unreadable:
    return Unreadable(Code.BODY_TOO_LARGE, megabytes=round(limit / 1_048_576, 3))


class _Output:
    """Collects what a decoder makes, up to the limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.chunks: list[bytes] = []

    def add(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self.limit:
            raise _too_large(self.limit)
        self.chunks.append(chunk)

    def content(self) -> bytes:
        return b"".join(self.chunks)


def _inflate(body: bytes, limit: int, window_bits: int, *, members: bool) -> bytes:
    """Inflate; with `members`, one gzip member after the other (RFC 1952, section 2.2)."""
    output = _Output(limit)
    rest = body
    while rest:
        stream = zlib.decompressobj(window_bits)
        try:
            while not stream.eof:
                chunk = stream.decompress(rest, STEP)
                rest = stream.unconsumed_tail
                output.add(chunk)
                if not chunk and not rest and not stream.eof:
                    raise Unreadable(Code.ENCODING_BROKEN)
        except zlib.error:
            raise Unreadable(Code.ENCODING_BROKEN) from None
        rest = stream.unused_data
        if rest and not members:
            raise Unreadable(Code.ENCODING_BROKEN)
        if not rest.strip(b"\0"):  # gzip files may be padded with zeros
            break
    return output.content()


def _gzip(body: bytes, limit: int) -> bytes:
    return _inflate(body, limit, zlib.MAX_WBITS | 16, members=True)


def _deflate(body: bytes, limit: int) -> bytes:
    """`deflate` means the zlib format (RFC 1950), but some clients send the bare stream (RFC 1951)."""
    is_zlib = len(body) >= 2 and body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0
    if is_zlib:
        try:
            return _inflate(body, limit, zlib.MAX_WBITS, members=False)
        except Unreadable as error:
            if error.reason.code != Code.ENCODING_BROKEN:
                raise
    return _inflate(body, limit, -zlib.MAX_WBITS, members=False)


def _brotli(body: bytes, limit: int) -> bytes:
    output = _Output(limit)
    stream = brotli.Decompressor()
    try:
        output.add(stream.process(body, output_buffer_limit=STEP))
        while not stream.is_finished():
            chunk = stream.process(b"", output_buffer_limit=STEP)
            if not chunk and stream.can_accept_more_data():
                raise Unreadable(Code.ENCODING_BROKEN)
            output.add(chunk)
    except brotli.error:
        raise Unreadable(Code.ENCODING_BROKEN) from None
    return output.content()


def _zstd(body: bytes, limit: int) -> bytes:
    output = _Output(limit)
    decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    stream = decompressor.decompressobj()
    position = 0
    try:
        while position < len(body):
            if stream.eof:
                stream = decompressor.decompressobj()
            step = body[position : position + ZSTD_STEP]
            output.add(stream.decompress(step))
            position += len(step) - (len(stream.unused_data) if stream.eof else 0)
    except zstandard.ZstdError:
        raise Unreadable(Code.ENCODING_BROKEN) from None
    if not stream.eof:
        raise Unreadable(Code.ENCODING_BROKEN)
    return output.content()


_DECODERS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
