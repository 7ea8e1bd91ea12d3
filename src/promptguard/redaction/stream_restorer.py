"""Restorers of one streamed answer: bytes in, bytes out, no I/O."""

from __future__ import annotations

import codecs
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final

from promptguard.model import Channel, Restoration
from promptguard.redaction.frames import FrameRestorer
from promptguard.redaction.issued import Issued
from promptguard.redaction.restore import RunningText
from promptguard.wire.encodings import Decoder, Swelling, decode_pieces
from promptguard.wire.framings import FrameDecoder

MAX_MESSAGES_AT_ONCE: Final = 65_536
"""Messages that one piece of an encoded answer may decode to. Each takes some 40 microseconds of the event loop; 64 KB
of what is said in earnest hold a tenth of that."""


class StreamRestorer(ABC):
    """Restores the body of one answer, which may come in pieces cut anywhere.

    Nothing that can be shown is held back. What comes out, put together, does not depend on how what went in was cut.
    """

    messages = 0
    """How many were looked at so far, in answers that are made of them."""

    @abstractmethod
    def feed(self, data: bytes) -> list[bytes]:
        """What can go to the client after another piece; an empty list where that is nothing."""

    @abstractmethod
    def finish(self) -> list[bytes]:
        """What remains at the end of the body. Called once, after all of it was fed."""

    def expect(self, restoration: Restoration) -> None:  # noqa: B027 - an answer that ends has nothing to expect
        """From now on, restore these placeholders too."""


class FramedRestorer(StreamRestorer):
    """Restores an answer of messages, in any framing."""

    def __init__(self, decoder: FrameDecoder, frames: FrameRestorer) -> None:
        self._decoder = decoder
        self._frames = frames

    def feed(self, data: bytes) -> list[bytes]:
        frames = self._decoder.feed(data)
        self.messages += len(frames)
        return [piece for frame in frames for piece in self._frames.restore(frame)]

    def finish(self) -> list[bytes]:
        pieces = [piece for frame in self._decoder.finish() for piece in self._frames.restore(frame)]
        return pieces + self._frames.finish()

    def expect(self, restoration: Restoration) -> None:
        self._frames.expect(restoration)


class _Encodable(Issued):
    """Originals out of JSON may hold lone surrogates, which no UTF-8 text can."""

    __slots__ = ()

    def __getitem__(self, placeholder: str) -> str:
        return super().__getitem__(placeholder).encode("utf-8", "replace").decode()


class TextRestorer(StreamRestorer):
    """Restores an answer that is plain text in UTF-8. Bytes that are no UTF-8 pass as they are."""

    def __init__(self, restoration: Restoration) -> None:
        self._running = RunningText(_Encodable.of(restoration.originals), Channel.TEXT)
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def feed(self, data: bytes) -> list[bytes]:
        return _encoded(self._running.feed(self._decoder.decode(data)))

    def finish(self) -> list[bytes]:
        return _encoded(self._running.feed(self._decoder.decode(b"", True)) + self._running.finish())


class DecodingRestorer(StreamRestorer):
    """Decodes an answer before another restorer sees it. The answer must go out without `Content-Encoding`."""

    def __init__(self, inner: StreamRestorer, decoders: Sequence[Decoder]) -> None:
        """`decoders` in the order in which they apply (see `decoders_for`)."""
        self._inner = inner
        self._decoders = decoders

    def feed(self, data: bytes) -> list[bytes]:
        """As of every restorer.

        Raises:
            BrokenEncoding, Swelling: as of `decode_pieces`; also where the data decode to too many messages.
        """
        out: list[bytes] = []
        before = self._inner.messages
        for piece in decode_pieces(data, self._decoders):
            out += self._inner.feed(piece)
            if self._inner.messages - before > MAX_MESSAGES_AT_ONCE:
                raise Swelling
        return out

    def finish(self) -> list[bytes]:
        return self._inner.finish()

    def expect(self, restoration: Restoration) -> None:
        self._inner.expect(restoration)


def _encoded(text: str) -> list[bytes]:
    return [text.encode("utf-8", "surrogateescape")] if text else []
