"""Newline-delimited JSON, and lines such as `0:"text"`, in which a short code says what the JSON behind it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from promptguard.redaction.streams import json_text
from promptguard.redaction.streams.answer import AnswerRestorer
from promptguard.redaction.streams.interface import MAX_MESSAGE, StreamRestorer

_LINE: Final = re.compile(rb"([ \t]*(?:[0-9a-z]{1,8}:)?)(.*?)(\r?\n|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Line:
    """What stands around the JSON of a line."""

    prefix: bytes
    end: bytes


class NewlineDelimitedJson(StreamRestorer):
    """Restores lines that are JSON messages. Lines that are not pass as they are."""

    def __init__(self, answer: AnswerRestorer[_Line]) -> None:
        self._answer = answer
        self._buffer = bytearray()
        self._searched = 0
        self._oversize = False

    def feed(self, data: bytes) -> list[bytes]:
        self._buffer += data
        out: list[bytes] = []
        while (end := self._buffer.find(b"\n", self._searched)) >= 0:
            source = self._take(end + 1)
            out += [source] if self._oversize else self._restored(source)
            self._oversize = False
        self._searched = len(self._buffer)
        if len(self._buffer) > MAX_MESSAGE:
            self._oversize = True
            out.append(self._take(len(self._buffer)))
        return out

    def finish(self) -> list[bytes]:
        out: list[bytes] = []
        if self._buffer:
            source = self._take(len(self._buffer))
            out += [source] if self._oversize else self._restored(source)
        closing = self._copies(self._answer.finish())
        if closing and out:
            out.append(b"\n")
        return out + closing

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._searched = 0
        return taken

    def _restored(self, source: bytes) -> list[bytes]:
        match = _LINE.match(source)
        if match is None or not match[2]:
            return [source]
        line = _Line(match[1], match[3])
        try:
            message = json_text.parse(match[2])
            restored = self._answer.restore(message, line, match[2], family=line.prefix.decode("ascii"))
            changed = line.prefix + json_text.dump(restored.message) + line.end if restored.changed else source
            return [*self._copies(restored.before), changed]
        except ValueError:
            return [source]

    def _copies(self, copies: Sequence[tuple[Any, _Line]]) -> list[bytes]:
        return [line.prefix + json_text.dump(message) + (line.end or b"\n") for message, line in copies]
