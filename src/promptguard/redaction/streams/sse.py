"""Server-sent events (HTML Living Standard, 9.2.6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from promptguard.redaction.streams import json_text
from promptguard.redaction.streams.answer import AnswerRestorer
from promptguard.redaction.streams.interface import MAX_MESSAGE, StreamRestorer

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_BLANK_LINE: Final = re.compile(rb"(?>\r\n|\r|\n)(?>\r\n|\r|\n)")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_DONE: Final = b"[DONE]"
"""How OpenAI's and many other APIs end a stream."""
_BEGINS_WITH_PLACEHOLDER: Final = re.compile(rb"\[[A-Z0-9_]*(?:\]|\Z)")
"""Data that are no JSON array but text that begins with a placeholder, or a piece of one."""


class _Event(NamedTuple):
    """An event as it came, taken apart only where it is written with other data."""

    source: bytes
    """Without the blank line that ends it."""
    line_end: bytes
    plain: bool
    """The data are no JSON, but plain text."""

    def with_data(self, data: bytes, terminator: bytes) -> bytes:
        """The event with other data. All other fields and comments stay."""
        lines: list[bytes] = []
        written = False
        for line in _LINE_END.split(self.source):
            if _field(line)[0] != b"data":
                lines.append(line)
            elif not written:
                lines += (b"data: " + part for part in _LINE_END.split(data))
                written = True
        return self.line_end.join(lines) + terminator


class ServerSentEvents(StreamRestorer):
    """Restores a stream of events whose data are JSON messages, or pieces of a plain text.

    Events in which nothing changes pass byte for byte.
    """

    def __init__(self, answer: AnswerRestorer[_Event]) -> None:
        self._answer = answer
        self._buffer = bytearray()
        self._searched = 0
        """Up to where no blank line was found."""
        self._begun = False
        """The byte order mark, if there is one, is read."""
        self._line_end = b"\n"
        self._oversize = False
        """Within an event that is too long to be kept: it passes as it is."""

    def feed(self, data: bytes) -> list[bytes]:
        self._buffer += data
        out: list[bytes] = []
        if not self._begun:
            if self._buffer != _BYTE_ORDER_MARK and _BYTE_ORDER_MARK.startswith(self._buffer):
                return []
            self._begun = True
            if self._buffer.startswith(_BYTE_ORDER_MARK):
                out.append(self._take(len(_BYTE_ORDER_MARK)))
        while self._buffer:
            if self._buffer[0] in b"\r\n":
                # Empty lines between events; also the second half of a CRLF that was cut.
                out.append(self._take(1))
                continue
            blank = self._blank_line()
            if blank is None:
                self._searched = max(0, len(self._buffer) - 3)
                break
            source = self._take(blank[1])
            terminator = source[blank[0] :]
            self._line_end = b"\r\n" if terminator.startswith(b"\r\n") else terminator[:1]
            if self._oversize:
                self._oversize = False
                out.append(source)
            else:
                out += self._restored(source, terminator)
        if len(self._buffer) > MAX_MESSAGE:
            self._oversize = True
            keep = 3  # what may be the first half of the blank line, and something before it
            out.append(self._take(len(self._buffer) - keep))
        return out

    def finish(self) -> list[bytes]:
        out: list[bytes] = []
        if self._buffer:
            source = self._take(len(self._buffer))
            out += [source] if self._oversize else self._restored(source, b"")
        closing = self._copies(self._answer.finish())
        if closing and out:
            out.append(self._line_end * 2)
        return out + closing

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._searched = 0
        return taken

    def _restored(self, source: bytes, terminator: bytes) -> list[bytes]:
        body = source[: len(source) - len(terminator)]
        name, data = _name_and_data(body)
        if data is None:
            return [source]
        if data == _DONE:
            return [*self._copies(self._answer.finish()), source]
        try:
            message, plain = _message(data)
            event = _Event(body, self._line_end, plain)
            restored = self._answer.restore(message, event, data, family=name)
            changed = event.with_data(_data(restored.message, plain), terminator) if restored.changed else source
            return [*self._copies(restored.before), changed]
        except ValueError:
            return [source]

    def _blank_line(self) -> tuple[int, int] | None:
        """Where the next line end with a blank line behind it stands."""
        start = self._buffer.find(b"\n\n", self._searched)
        if self._buffer.find(b"\r", self._searched) >= 0:
            blank = _BLANK_LINE.search(self._buffer, self._searched)
            return blank.span() if blank else None
        return (start, start + 2) if start >= 0 else None

    def _copies(self, copies: Sequence[tuple[Any, _Event]]) -> list[bytes]:
        return [event.with_data(_data(message, event.plain), event.line_end * 2) for message, event in copies]


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


def _message(data: bytes) -> tuple[Any, bool]:
    """An event's data as a message, and whether they are plain text.

    Raises:
        ValueError: they are broken JSON, or text in another encoding than UTF-8.
    """
    try:
        message = json_text.parse(data)
    except ValueError:
        if data[:1] == b"{" or (data[:1] == b"[" and not _BEGINS_WITH_PLACEHOLDER.match(data)):
            raise
    else:
        if isinstance(message, str | dict | list):
            return message, False
    # A piece of plain text may happen to be a number.
    return data.decode(), True


def _data(message: Any, plain: bool) -> bytes:
    return str(message).encode("utf-8", "replace") if plain else json_text.dump(message)
