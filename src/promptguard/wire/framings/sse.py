"""Server-sent events (HTML Living Standard, 9.2.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final

import regex

from promptguard.wire.framings.interface import (
    MAX_MESSAGE,
    BufferedDecoder,
    EndFrame,
    Frame,
    FrameDecoder,
    Framing,
)

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_BLANK_LINE: Final = re.compile(rb"(?>\r\n|\r|\n)(?>\r\n|\r|\n)")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_DONE: Final = b"[DONE]"
"""How OpenAI's and many other APIs end a stream."""


class ServerSentEvents(Framing):
    """Events of fields and comments, ended by a blank line; the payload is an event's data, the family its name."""

    id = "sse"
    media_types = frozenset({"text/event-stream"})
    begins = regex.compile(rb"(?:\xef\xbb\xbf)?\s*(?:data|event):")

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return _Decoder()


@dataclass(frozen=True, slots=True)
class _Event(Frame):
    """An event, taken apart only where it is written with other data."""

    may_be_text: ClassVar[bool] = True

    terminator: bytes = b""
    """The blank line that ends it; empty where the body broke off before."""
    line_end: bytes = b"\n"

    @property
    def missing_end(self) -> bytes:
        return b"" if self.terminator else self.line_end * 2

    def with_payload(self, payload: bytes) -> bytes:
        return self._with_data(payload, self.terminator)

    def another(self, payload: bytes, following: Frame | None) -> bytes:
        return self._with_data(payload, self.line_end * 2)

    def _with_data(self, data: bytes, terminator: bytes) -> bytes:
        """The event with other data. All other fields and comments stay."""
        lines: list[bytes] = []
        written = False
        for line in _LINE_END.split(self.source[: len(self.source) - len(self.terminator)]):
            if _field(line)[0] != b"data":
                lines.append(line)
            elif not written:
                lines += (b"data: " + part for part in _LINE_END.split(data))
                written = True
        return self.line_end.join(lines) + terminator


class _Decoder(BufferedDecoder):
    """Comments before an event are handed on at once: services send them to keep a connection alive."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = False
        """The byte order mark, if there is one, is read."""
        self._line_end = b"\n"
        self._oversize = False
        """Within an event that is too long to be kept."""

    def feed(self, data: bytes) -> list[Frame]:
        self._buffer += data
        frames: list[Frame] = []
        if not self._begun:
            if self._buffer != _BYTE_ORDER_MARK and _BYTE_ORDER_MARK.startswith(self._buffer):
                return []
            self._begun = True
            if self._buffer.startswith(_BYTE_ORDER_MARK):
                frames.append(Frame(self._take(len(_BYTE_ORDER_MARK))))
        while self._buffer and (frame := self._next()):
            frames.append(frame)
        if len(self._buffer) > MAX_MESSAGE:
            self._oversize = True
            # What may be the first half of the blank line, and something before it, is kept.
            frames.append(Frame(self._take(len(self._buffer) - 3)))
        return frames

    def finish(self) -> list[Frame]:
        if not self._buffer:
            return []
        source = self._take(len(self._buffer))
        return [Frame(source) if self._oversize else self._event(source, b"")]

    def _next(self) -> Frame | None:
        if self._buffer[0] in b"\r\n":
            # Empty lines between events; also the second half of a CRLF that was cut.
            return Frame(self._take(1))
        if self._buffer[0] == ord(":") and not self._oversize:
            end = _LINE_END.search(self._buffer, self._searched)
            self._searched = len(self._buffer)
            return Frame(self._take(end.end())) if end else None
        blank = self._blank_line()
        if blank is None:
            self._searched = max(0, len(self._buffer) - 3)
            return None
        source = self._take(blank[1])
        terminator = source[blank[0] :]
        self._line_end = b"\r\n" if terminator.startswith(b"\r\n") else terminator[:1]
        if self._oversize:
            self._oversize = False
            return Frame(source)
        return self._event(source, terminator)

    def _event(self, source: bytes, terminator: bytes) -> Frame:
        name, data = _name_and_data(source[: len(source) - len(terminator)])
        if data is None:
            return Frame(source)
        if data == _DONE:
            return EndFrame(source)
        return _Event(source, data, name, terminator, self._line_end)

    def _blank_line(self) -> tuple[int, int] | None:
        """Where the next line end with a blank line behind it stands."""
        start = self._buffer.find(b"\n\n", self._searched)
        if self._buffer.find(b"\r", self._searched) >= 0:
            blank = _BLANK_LINE.search(self._buffer, self._searched)
            return blank.span() if blank else None
        return (start, start + 2) if start >= 0 else None


def _name_and_data(source: bytes) -> tuple[str, bytes | None]:
    """The name of an event (mostly empty) and its data; None where no line of it is data."""
    data: list[bytes] = []
    name = b""
    for line in _LINE_END.split(source) if b"\n" in source or b"\r" in source else (source,):
        field, value = _field(line)
        if field == b"data":
            data.append(value)
        elif field == b"event":
            name = value
    return name.decode("utf-8", "replace"), b"\n".join(data) if data else None


def _field(line: bytes) -> tuple[bytes, bytes]:
    """Name and value of a line; a comment has an empty name."""
    name, _, value = line.partition(b":")
    return name, value[1:] if value[:1] == b" " else value
