"""Undoes content encodings (RFC 9110, section 8.4): of a request body as a whole and within a limit, of an answer piece
by piece.

There is one decoder for both. It is fed what came and gives bounded pieces of content, so that data which expands
without end cost no more memory than what the caller keeps of it.
"""

from __future__ import annotations

import math
import re
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import brotli
import zstandard

from promptguard.errors import PromptGuardError, Unreadable
from promptguard.reasons import Code
from promptguard.wire.compression import is_zlib

STEP: Final = 64 * 1024
"""Bytes of output asked for at a time."""

ZSTD_STEP: Final = 256
"""Bytes of Zstandard fed at a time. A block of four bytes can stand for 128 KiB (RFC 8878, 3.1.1.2), so this bounds
what one step can make to 8 MiB."""

ZSTD_WINDOW: Final = 8 * 1024 * 1024
"""The largest window a decoder has to accept for this content encoding (RFC 9659)."""

MAX_AT_ONCE: Final = 16 * 1024 * 1024
"""Bytes that one piece of an answer may decode to, and so what of it is in memory at once: pieces come as they are read
from the network, in 64 KB at most. What compresses more than 256-fold is made for it."""

MAX_ENCODINGS: Final = 3
"""Encodings on top of each other: no client stacks more, and each one multiplies the work."""

NAMED_IN_REASONS: Final = frozenset(
    {"aes128gcm", "bzip2", "compress", "dcb", "dcz", "exi", "lz4", "lzma", "pack200-gzip", "snappy", "x-compress", "xz"}
)
"""Encodings that a reason may call by name: a header is the client's text, and nothing else of it is repeated."""

_GZIP_MAGIC: Final = b"\x1f"
_GZIP_REMARKS: Final = 0x04 | 0x08 | 0x10
"""FEXTRA, FNAME and FCOMMENT among the flags of a gzip member (RFC 1952, 2.3.1)."""

_SKIPPABLE_FRAME: Final = 0x184D2A50
"""Magic number of a skippable frame, but for its last four bits (RFC 8878, 3.1.2)."""


_PRINTABLE: Final = re.compile(rb"[\t\n\r\x20-\x7e]{16,}")
_PRINTABLE_SHARE: Final = 98 / 256
"""Of compressed bytes."""
_MAX_CHANCE: Final = 1e-4
"""That compressed data hold a run of printable bytes as long as one that is taken for words."""
_EDGE: Final = 5
"""Bytes beside stored content that belong to the format and may be printable too."""


class BrokenEncoding(PromptGuardError):
    """Encoded data that cannot be decoded any further."""

    def __init__(self) -> None:
        super().__init__("data are not compressed in the way they say")


class Swelling(PromptGuardError):
    """A piece of an answer that stands for more than anybody sends at once."""

    def __init__(self) -> None:
        super().__init__("data decode to more than is taken at once")


class Decoder(ABC):
    """Decodes one content encoding, however the data are cut."""

    def __init__(self) -> None:
        self.trailing = False
        """There was something behind the end of the encoded data."""
        self.has_remarks = False
        """Besides content it holds bytes of the sender's choice, which decoders pass over: a name, a comment, a frame
        to be skipped. Told where the data begin in one piece, as those of a request do."""

    @abstractmethod
    def decode(self, data: bytes) -> Iterator[bytes]:
        """What more data decode to, in bounded pieces. Has to be taken to its end before more data are fed.

        Raises:
            BrokenEncoding: the data are not in this encoding.
        """

    @property
    @abstractmethod
    def ended(self) -> bool:
        """The encoded data are complete."""


def decode(body: bytes, content_encoding: str, limit: int) -> bytes:
    """The body without its content encodings; `content_encoding` is the header's value, `limit` is in bytes.

    Raises:
        Unreadable: an encoding that is not known, broken data, or more than `limit` bytes of content.
    """
    names = _names(content_encoding)
    if len(names) > MAX_ENCODINGS:
        raise Unreadable(Code.ENCODING_TOO_MANY)
    for name in names:
        if name not in _DECODERS:
            if name in NAMED_IN_REASONS:
                raise Unreadable(Code.ENCODING_UNSUPPORTED, encoding=name)
            raise Unreadable(Code.ENCODING_UNKNOWN)
    if len(body) > limit:
        raise _too_large(limit)
    for name in names:
        if body:
            try:
                body = decode_whole(body, _DECODERS[name](), limit)
            except BrokenEncoding:
                raise Unreadable(Code.ENCODING_BROKEN) from None
    return body


def decoders_for(content_encoding: str) -> Sequence[Decoder] | None:
    """The decoders for a `Content-Encoding`, in the order in which they apply; None if there is none for it."""
    names = _names(content_encoding)
    if len(names) > MAX_ENCODINGS or not all(name in _DECODERS for name in names):
        return None
    return [_DECODERS[name]() for name in names]


def decode_pieces(data: bytes, decoders: Sequence[Decoder]) -> Iterator[bytes]:
    """What a piece of an answer decodes to, through all decoders in turn.

    Raises:
        BrokenEncoding: the data are not in these encodings.
        Swelling: they decode to more than `MAX_AT_ONCE` bytes in any of them.
    """
    pieces: Iterator[bytes] = iter((data,))
    for decoder in decoders:
        pieces = _decode_each(pieces, decoder)
    return filter(None, pieces)


def _decode_each(pieces: Iterator[bytes], decoder: Decoder) -> Iterator[bytes]:
    left = MAX_AT_ONCE
    for piece in filter(None, pieces):
        for decoded in decoder.decode(piece):
            left -= len(decoded)
            if left < 0:
                raise Swelling
            yield decoded


def decode_whole(data: bytes, decoder: Decoder, limit: int) -> bytes:
    """What data decode to that are all there is.

    Raises:
        BrokenEncoding: they are broken, cut off, or something stands behind or beside the content.
        Unreadable: more than `limit` bytes of content.
    """
    pieces: list[bytes] = []
    size = 0
    for piece in decoder.decode(data):
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        pieces.append(piece)
    content = b"".join(pieces)
    if not decoder.ended or decoder.trailing or decoder.has_remarks:
        raise BrokenEncoding
    if isinstance(decoder, _Brotli) and _holds_words_beside(data, content):
        raise BrokenEncoding
    return content


def _holds_words_beside(data: bytes, content: bytes) -> bool:
    """Whether Brotli holds words that are none of its content: metadata (RFC 7932, 9.2), which decoders pass over.

    What is compressed has no long runs of printable bytes, and what is stored as it is stands in the content.
    """
    shortest = math.ceil(math.log(_MAX_CHANCE / (len(data) + 1), _PRINTABLE_SHARE))
    position = 0
    for run in _PRINTABLE.finditer(data):
        if len(run[0]) >= shortest:
            # Stored content keeps its order, so that the search never goes back.
            position = content.find(run[0][_EDGE:-_EDGE], position)
            if position < 0:
                return True
    return False


def _names(content_encoding: str) -> list[str]:
    """The encodings of a header's value, the one that was applied last first."""
    names = [name.strip().lower() for name in content_encoding.split(",")]
    return [name for name in reversed(names) if name not in ("", "identity")]


def _too_large(limit: int) -> Unreadable:
    return Unreadable(Code.BODY_TOO_LARGE, megabytes=round(limit / 1_048_576, 3))


class _Zlib(Decoder):
    """The zlib format (RFC 1950), bare deflate (RFC 1951), or gzip members one after the other (RFC 1952, 2.2)."""

    def __init__(self, window: int) -> None:
        super().__init__()
        self._window = window
        self._stream = zlib.decompressobj(window)
        self._begun = False

    @property
    def ended(self) -> bool:
        return self._stream.eof

    def decode(self, data: bytes) -> Iterator[bytes]:
        if not self._begun:
            self._look_at_header(data)
        try:
            decoded = b""
            while data or len(decoded) == STEP:
                if self._stream.eof and not self._begin_member(data):
                    return
                decoded = self._stream.decompress(data, STEP)
                yield decoded
                data = self._stream.unconsumed_tail or self._stream.unused_data
        except zlib.error:
            raise BrokenEncoding from None

    def _look_at_header(self, data: bytes) -> None:
        self._begun = True
        is_gzip = self._window > zlib.MAX_WBITS
        self.has_remarks = self.has_remarks or (is_gzip and len(data) > 3 and bool(data[3] & _GZIP_REMARKS))

    def _begin_member(self, data: bytes) -> bool:
        """Whether another gzip member begins. Files may be padded with zeros behind the last one."""
        is_gzip = self._window > zlib.MAX_WBITS
        if is_gzip and data[:1] == _GZIP_MAGIC and not self.trailing:
            self._stream = zlib.decompressobj(self._window)
            self._look_at_header(data)
            return True
        self.trailing = self.trailing or not is_gzip or bool(data.strip(b"\0"))
        return False


class _Deflate(Decoder):
    """`deflate` means the zlib format (RFC 1950), but some peers send the bare stream (RFC 1951).

    The two bytes of zlib's header tell them apart: no encoder begins a bare stream like that.
    """

    def __init__(self) -> None:
        super().__init__()
        self._start = b""
        self._inner: _Zlib | None = None

    @property
    def ended(self) -> bool:
        return self._inner is not None and self._inner.ended

    def decode(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None:
            self._start += data
            if len(self._start) < 2:
                return
            self._inner = _Zlib(zlib.MAX_WBITS if is_zlib(self._start) else -zlib.MAX_WBITS)
            data, self._start = self._start, b""
        yield from self._inner.decode(data)
        self.trailing = self._inner.trailing


class _Brotli(Decoder):
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        super().__init__()
        self._stream = brotli.Decompressor()

    @property
    def ended(self) -> bool:
        return bool(self._stream.is_finished())

    def decode(self, data: bytes) -> Iterator[bytes]:
        try:
            if self._stream.is_finished():
                self.trailing = self.trailing or bool(data)
                return
            decoded = self._stream.process(data, output_buffer_limit=STEP)
            yield decoded
            # It may have taken all data in, and still have more to say than it was asked for.
            while not self._stream.is_finished() and (len(decoded) >= STEP or not self._stream.can_accept_more_data()):
                decoded = self._stream.process(b"", output_buffer_limit=STEP)
                yield decoded
        except brotli.error:
            raise BrokenEncoding from None


class _Zstandard(Decoder):
    """Zstandard (RFC 8878), one frame or several."""

    def __init__(self) -> None:
        super().__init__()
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
        self._stream = self._decompressor.decompressobj()
        self._begun = False

    @property
    def ended(self) -> bool:
        return bool(self._stream.eof)

    def decode(self, data: bytes) -> Iterator[bytes]:
        position = 0
        try:
            while position < len(data):
                if self._stream.eof:
                    self._stream = self._decompressor.decompressobj()
                    self._begun = False
                if not self._begun:
                    self._begun = True
                    magic = int.from_bytes(data[position : position + 4], "little")
                    self.has_remarks = self.has_remarks or magic & ~0xF == _SKIPPABLE_FRAME
                step = data[position : position + ZSTD_STEP]
                yield self._stream.decompress(step)
                position += len(step) - (len(self._stream.unused_data) if self._stream.eof else 0)
        except zstandard.ZstdError:
            raise BrokenEncoding from None


_DECODERS: Final[dict[str, Callable[[], Decoder]]] = {
    "gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "x-gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstandard,
}
