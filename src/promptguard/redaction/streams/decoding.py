"""Answers that come compressed: decoded piece by piece, restored, and sent on as they are."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final, Protocol

import brotli
import zstandard

from promptguard.errors import PromptGuardError
from promptguard.redaction.streams.interface import StreamRestorer

_STEP: Final = 256 * 1024
"""Bytes that are decoded at a time."""


_GZIP_MAGIC: Final = b"\x1f"


class BrokenAnswer(PromptGuardError):
    """A compressed answer cannot be decoded any further."""


class Decoder(Protocol):
    """Decodes one content encoding, piece by piece."""

    def decode(self, data: bytes) -> Iterator[bytes]:
        """What another piece decodes to. Raises `BrokenAnswer`."""


class DecodingRestorer(StreamRestorer):
    """Decodes an answer before another restorer sees it. The answer must go out without `Content-Encoding`."""

    def __init__(self, inner: StreamRestorer, decoders: list[Decoder]) -> None:
        """`decoders` in the order in which they apply (see `decoders_for`)."""
        self._inner = inner
        self._decoders = decoders

    def feed(self, data: bytes) -> list[bytes]:
        return [out for piece in self._decoded(data, 0) for out in self._inner.feed(piece)]

    def finish(self) -> list[bytes]:
        return self._inner.finish()

    def _decoded(self, data: bytes, level: int) -> Iterator[bytes]:
        if not data:
            return
        if level == len(self._decoders):
            yield data
            return
        for piece in self._decoders[level].decode(data):
            yield from self._decoded(piece, level + 1)


def decoders_for(content_encoding: str) -> list[Decoder] | None:
    """The decoders for a `Content-Encoding` (RFC 9110, 8.4), the last coding first; None if one is unknown."""
    decoders: list[Decoder] = []
    for coding in reversed(content_encoding.lower().split(",")):
        match coding.strip():
            case "" | "identity":
                pass
            case "gzip" | "x-gzip":
                decoders.append(_Zlib(raw=None, window=zlib.MAX_WBITS | 16))
            case "deflate":
                decoders.append(_Zlib(raw=-zlib.MAX_WBITS, window=zlib.MAX_WBITS))
            case "br":
                decoders.append(_Brotli())
            case "zstd":
                decoders.append(_Zstandard())
            case _:
                return None
    return decoders


class _Zlib:
    """gzip (RFC 1952), which may have several members, and deflate (RFC 1950, or RFC 1951 without its header)."""

    def __init__(self, raw: int | None, window: int) -> None:
        self._raw = raw
        self._window = window
        self._begun = False
        self._decompressor = zlib.decompressobj(window)

    def decode(self, data: bytes) -> Iterator[bytes]:
        try:
            if not self._begun and data and self._raw is not None and data[0] & 0x0F != 8:
                self._decompressor = zlib.decompressobj(self._raw)  # no zlib header (RFC 1950, 2.2: CM = 8)
            self._begun = self._begun or bool(data)
            decoded = b""
            while data or len(decoded) == _STEP:
                if self._decompressor.eof:
                    if self._raw is not None or data[:1] != _GZIP_MAGIC:
                        return  # padding after the end
                    self._decompressor = zlib.decompressobj(self._window)
                decoded = self._decompressor.decompress(data, _STEP)
                yield decoded
                data = self._decompressor.unconsumed_tail or self._decompressor.unused_data
        except zlib.error:
            raise BrokenAnswer("The answer is not compressed in the way it says.") from None


class _Brotli:
    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    def decode(self, data: bytes) -> Iterator[bytes]:
        try:
            yield self._decompressor.process(data)
        except brotli.error:
            raise BrokenAnswer("The answer is not compressed in the way it says.") from None


class _Zstandard:
    """zstd (RFC 8878), which may have several frames."""

    def __init__(self) -> None:
        self._decompressor = zstandard.ZstdDecompressor().decompressobj()

    def decode(self, data: bytes) -> Iterator[bytes]:
        try:
            while data:
                if self._decompressor.eof:
                    self._decompressor = zstandard.ZstdDecompressor().decompressobj()
                yield self._decompressor.decompress(data)
                data = self._decompressor.unused_data
        except zstandard.ZstdError:
            raise BrokenAnswer("The answer is not compressed in the way it says.") from None
