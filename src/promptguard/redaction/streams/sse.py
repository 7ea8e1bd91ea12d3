"""Server-sent events (HTML Living Standard, 9.2.6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

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


@dataclass(frozen=True, slots=True)
class _Event:
    """One event, taken apart as far as needed to write it with other data."""

    lines: tuple[bytes, ...]
    """Without their ends."""
    name: str
    terminator: bytes
    """The end of the last line and the blank line after it, as they came; empty at the end of a stream cut short."""
    line_end: bytes
    plain: bool = False
    """The data are no JSON, but plain text."""

    def with_data(self, data: bytes, terminator: bytes) -> bytes:
        """The event with other data. All other fields and comments stay."""
        lines: list[bytes] = []
        written = False
        for line in self.lines:
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
            blank = _BLANK_LINE.search(self._buffer, self._searched)
            if blank is None:
                self._searched = max(0, len(self._buffer) - 3)
                break
            terminator = blank.group()
            end = blank.end()
            source = self._take(end)
            if self._oversize:
                self._oversize = False
                out.append(source)
            else:
                out += self._restored(source, terminator)
        if len(self._buffer) > MAX_MESSAGE:
            self._oversize = True
            keep = 2  # what may be the first half of the blank line
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
        event, data = self._parsed(source, terminator)
        if data is None:
            return [source]
        if data == _DONE:
            return [*self._copies(self._answer.finish()), source]
        try:
            message, plain = _message(data)
        except ValueError:
            return [source]
        if plain:
            event = replace(event, plain=True)
        restored = self._answer.restore(message, event, data, family=f"{plain:d}{event.name}")
        out = self._copies(restored.before)
        out.append(event.with_data(_data(restored.message, plain), terminator) if restored.changed else source)
        return out

    def _parsed(self, source: bytes, terminator: bytes) -> tuple[_Event, bytes | None]:
        """An event and its data; None where no line of it is data."""
        body = source[: len(source) - len(terminator)]
        lines = tuple(_LINE_END.split(body)) if b"\n" in body or b"\r" in body else (body,)
        data: list[bytes] = []
        name = b""
        for line in lines:
            field, value = _field(line)
            if field == b"data":
                data.append(value)
            elif field == b"event":
                name = value
        if terminator:
            first = _LINE_END.match(terminator)
            self._line_end = first.group() if first else self._line_end
        event = _Event(lines, name.decode("utf-8", "replace"), terminator, self._line_end)
        return event, b"\n".join(data) if data else None

    def _copies(self, copies: Sequence[tuple[Any, _Event]]) -> list[bytes]:
        return [event.with_data(_data(message, event.plain), event.line_end * 2) for message, event in copies]


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
