"""Messages behind five bytes: flags, and the length as a big-endian number. Connect and gRPC share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from promptguard.errors import PromptGuardError
from promptguard.wire.compression import compressed, is_zlib
from promptguard.wire.encodings import decode_whole, decoders_for
from promptguard.wire.framings.interface import MAX_MESSAGE, BufferedDecoder, EndFrame, Frame

_COMPRESSED: Final = 0x01
"""Flag of a message that is compressed as a header of the request or answer says."""

_HEAD: Final = 5
"""Bytes before a message."""

_MAGIC: Final = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
"""First bytes of compressed messages, where the header is not known, or says something else."""


@dataclass(frozen=True, slots=True)
class _Envelope(Frame):
    """One message, in JSON or protobuf. Another payload is compressed as this one is."""

    flags: int = 0
    encoding: str = ""
    """How it is compressed; empty where it is not."""

    may_be_protobuf: ClassVar[bool] = True

    def with_payload(self, payload: bytes) -> bytes:
        content = compressed(payload, self.encoding, self.source[_HEAD:]) if self.encoding else None
        if content is None:
            return envelope(payload, self.flags & ~_COMPRESSED)  # which any message may be
        return envelope(content, self.flags)


@dataclass(frozen=True, slots=True)
class _LastEnvelope(_Envelope):
    """The message that ends a stream; what it says is said in it alone."""

    ends: ClassVar[bool] = True
    whole: ClassVar[bool] = True


def envelope(payload: bytes, flags: int = 0) -> bytes:
    """The bytes of a message that is not compressed."""
    return bytes((flags,)) + len(payload).to_bytes(4) + payload


class EnvelopeDecoder(BufferedDecoder):
    """Takes messages out of their envelopes. One that is too long, or cannot be decompressed, has no payload."""

    def __init__(self, message_encoding: str, *, end_message: int = 0, end_fields: int = 0) -> None:
        """`end_message` is the flag of a last message, `end_fields` of one that holds no message but header fields."""
        super().__init__()
        self._encoding = message_encoding
        self._end_message = end_message
        self._end_fields = end_fields
        self._passing = 0
        """Bytes to come of a message that is too long to be kept."""
        self._budget = MAX_MESSAGE

    def feed(self, data: bytes) -> list[Frame]:
        self._buffer += data
        self._budget = MAX_MESSAGE  # for all that is fed at once: small messages may be large when decompressed
        frames: list[Frame] = []
        while self._buffer:
            if self._passing:
                frames.append(Frame(self._take(min(self._passing, len(self._buffer)))))
                self._passing -= len(frames[-1].source)
                continue
            size = _HEAD + int.from_bytes(self._buffer[1:_HEAD]) if len(self._buffer) >= _HEAD else _HEAD
            if size > MAX_MESSAGE:
                self._passing = size
            elif len(self._buffer) < size:
                break
            else:
                frames.append(self._frame(self._take(size)))
        return frames

    def finish(self) -> list[Frame]:
        return self._take_all()

    def _frame(self, source: bytes) -> Frame:
        flags = source[0]
        if flags & self._end_fields:
            return EndFrame(source)
        kind = _LastEnvelope if flags & self._end_message else _Envelope
        if not flags & _COMPRESSED:
            return kind(source, source[_HEAD:], "", flags)
        for encoding in dict.fromkeys((self._encoding, _sniffed(source[_HEAD:]))):
            payload = self._decompressed(source[_HEAD:], encoding)
            if payload is not None:
                return kind(source, payload, "", flags, encoding)
        return Frame(source)

    def _decompressed(self, message: bytes, encoding: str) -> bytes | None:
        decoders = decoders_for(encoding)
        if decoders is None or len(decoders) != 1:
            return None
        try:
            payload = decode_whole(message, decoders[0], self._budget)
        except PromptGuardError:
            return None
        self._budget -= len(payload)
        return payload


def _sniffed(message: bytes) -> str:
    """How a message is compressed, as its first bytes tell; empty where they do not."""
    known = next((name for magic, name in _MAGIC.items() if message.startswith(magic)), "")
    return known or ("deflate" if is_zlib(message) else "")
