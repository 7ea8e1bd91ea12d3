"""Decoding of bodies of lines, each a message."""

from __future__ import annotations

import re
from dataclasses import dataclass

from promptguard.wire.framings.interface import MAX_MESSAGE, BufferedDecoder, Frame


@dataclass(frozen=True, slots=True)
class _Line(Frame):
    """A message, between a prefix and the end of the line."""

    prefix: bytes = b""
    end: bytes = b""

    @property
    def missing_end(self) -> bytes:
        return b"" if b"\n" in self.end else b"\n"

    def with_payload(self, payload: bytes) -> bytes:
        return self.prefix + payload + self.end

    def another(self, payload: bytes, following: Frame | None) -> bytes:
        return self.prefix + payload + (self.end if b"\n" in self.end else b"\n")


class LineDecoder(BufferedDecoder):
    """Cuts a body at its line feeds. Blank lines, and lines without a message, have no payload."""

    def __init__(self, shape: re.Pattern[bytes]) -> None:
        """`shape` matches a whole line, with the groups `prefix`, `payload` and `end`."""
        super().__init__()
        self._shape = shape
        self._oversize = False
        """Within a line that is too long to be kept."""

    def feed(self, data: bytes) -> list[Frame]:
        self._buffer += data
        frames: list[Frame] = []
        while (end := self._buffer.find(b"\n", self._searched)) >= 0:
            frames.append(self._frame(self._take(end + 1)))
            self._oversize = False
        self._searched = len(self._buffer)
        if len(self._buffer) > MAX_MESSAGE:
            self._oversize = True
            frames += self._take_all()
        return frames

    def finish(self) -> list[Frame]:
        return [self._frame(self._take(len(self._buffer)))] if self._buffer else []

    def _frame(self, source: bytes) -> Frame:
        line = None if self._oversize else self._shape.fullmatch(source)
        if line is None or not line["payload"]:
            return Frame(source)
        return _Line(source, line["payload"], line["prefix"].decode("ascii"), line["prefix"], line["end"])
