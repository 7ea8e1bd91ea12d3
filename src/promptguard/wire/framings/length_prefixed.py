"""How Google's own web apps answer: `)]}'`, and then each message behind its length in UTF-16 code units.

Not documented by Google. The length counts all between its last digit and the next length, line feeds included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import regex

from promptguard.wire.framings.interface import MAX_MESSAGE, BufferedDecoder, Frame, FrameDecoder, Framing
from promptguard.wire.framings.json_document import DocumentDecoder

_GUARD: Final = re.compile(rb"\)\]\}'\s*")
"""What makes the answer no script, and white space up to the first message."""
_LENGTH: Final = re.compile(rb"(\s*)(\d{1,8})(?=\D)")
_LENGTH_BEGINS: Final = re.compile(rb"\s*\d{0,8}\Z")
_CONTINUATIONS: Final = bytes(range(0x80, 0xC0))
_NO_PAIR: Final = bytes(range(0xF0))
"""Bytes that begin no character of two code units."""
_MESSAGE: Final = re.compile(rb"(\s*)(.*?)(\s*)", re.DOTALL)


class LengthPrefixed(Framing):
    """Messages behind their lengths; without lengths, one document behind the guard."""

    id = "length_prefixed"
    begins = regex.compile(rb"\)\]\}'")

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return _Decoder()


@dataclass(frozen=True, slots=True)
class _Message(Frame):
    head: bytes = b""
    """White space before the length."""
    length: int = 0
    before: bytes = b""
    after: bytes = b""

    def with_payload(self, payload: bytes) -> bytes:
        assert self.payload is not None
        length = self.length + _units(payload) - _units(self.payload)
        return self.head + str(length).encode() + self.before + payload + self.after


class _Decoder(BufferedDecoder):
    def __init__(self) -> None:
        super().__init__()
        self._begun = False
        """The guard is read."""
        self._rest: FrameDecoder | None = None
        """Reads what is not framed by lengths."""

    def feed(self, data: bytes) -> list[Frame]:
        if self._rest is not None:
            return self._rest.feed(data)
        self._buffer += data
        frames: list[Frame] = []
        if not self._begun:
            guard = _GUARD.match(self._buffer)
            if guard is None or guard.end() == len(self._buffer):
                return []
            self._begun = True
            frames.append(Frame(self._take(guard.end())))
            if not self._buffer[:1].isdigit():
                self._rest = DocumentDecoder()
                return frames + self._rest.feed(self._take(len(self._buffer)))
        while (frame := self._next()) is not None:
            frames.append(frame)
        if len(self._buffer) > MAX_MESSAGE or not self._may_go_on():
            self._rest = _Passing()
            return frames + self._take_all()
        return frames

    def finish(self) -> list[Frame]:
        return self._rest.finish() if self._rest is not None else self._take_all()

    def _may_go_on(self) -> bool:
        return bool(_LENGTH_BEGINS.match(self._buffer) or _LENGTH.match(self._buffer))

    def _next(self) -> Frame | None:
        """The next message, where all of it is there."""
        head = _LENGTH.match(self._buffer)
        if head is None:
            return None
        length = int(head[2])
        if len(self._buffer) - head.end() < length:  # no unit has less than a byte
            return None
        size = _bytes_of(self._buffer, head.end(), length)
        if size is None:
            return None
        source = self._take(head.end() + size)
        parts = _MESSAGE.fullmatch(source[head.end() :])
        if parts is None or not parts[2]:
            return Frame(source)
        return _Message(source, parts[2], "", source[: head.start(2)], length, parts[1], parts[3])


class _Passing(FrameDecoder):
    def feed(self, data: bytes) -> list[Frame]:
        return [Frame(data)] if data else []

    def finish(self) -> list[Frame]:
        return []


def _units(text: bytes | bytearray) -> int:
    """UTF-16 code units of UTF-8 text: one a character, two of those that take four bytes."""
    return len(text.translate(None, _CONTINUATIONS)) + len(text.translate(None, _NO_PAIR))


def _bytes_of(text: bytearray, start: int, units: int) -> int | None:
    """Bytes of UTF-8 from `start` on that hold so many code units; None where there are not as many yet."""
    end = start
    missing = units
    while missing > 0:
        if end + missing > len(text):
            return None
        following = end + missing  # a unit has a byte at least
        missing -= _units(text[end:following])
        end = following
    last = end - 1
    while last > start and text[last] & 0xC0 == 0x80:
        last -= 1
    if last >= start:
        end = last + 1 + sum(text[last] >= least for least in (0xC0, 0xE0, 0xF0))
    return end - start if end <= len(text) else None
