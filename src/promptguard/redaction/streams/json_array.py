"""A JSON array that is streamed element by element, as Gemini does without `alt=sse`."""

from __future__ import annotations

import re
from typing import Final

from promptguard.redaction.streams import json_text
from promptguard.redaction.streams.answer import AnswerRestorer
from promptguard.redaction.streams.interface import MAX_MESSAGE, StreamRestorer

_STRUCTURE: Final = re.compile(rb'["\[\]{},]')
_IN_STRING: Final = re.compile(rb'["\\]')
_ELEMENT: Final = re.compile(rb"(\s*)(.*?)(\s*)\Z", re.DOTALL)


class JsonArray(StreamRestorer):
    """Restores the elements of a top-level array, each as soon as it is complete."""

    def __init__(self, answer: AnswerRestorer[None]) -> None:
        self._answer = answer
        self._buffer = bytearray()
        self._position = 0
        """Up to where the buffer was looked at."""
        self._depth = 0
        self._in_string = False
        self._over = False
        """Behind the array, or given up: everything passes as it is."""

    def feed(self, data: bytes) -> list[bytes]:
        if self._over:
            return [data] if data else []
        self._buffer += data
        out: list[bytes] = []
        while not self._over and self._position < len(self._buffer):
            mark = (_IN_STRING if self._in_string else _STRUCTURE).search(self._buffer, self._position)
            if mark is None:
                self._position = len(self._buffer)
                break
            character = mark.group()
            if character == b"\\":
                if mark.end() == len(self._buffer):
                    self._position = mark.start()
                    break
                self._position = mark.end() + 1
            else:
                start = mark.start()
                self._position = mark.end()
                out += self._step(character, start)
        if len(self._buffer) > MAX_MESSAGE:
            self._over = True
        if self._over and self._buffer:
            out.append(self._take(len(self._buffer)))
        return out

    def finish(self) -> list[bytes]:
        return [self._take(len(self._buffer))] if self._buffer else []

    def _step(self, character: bytes, start: int) -> list[bytes]:
        """What a structural character at `start` lets out."""
        if character == b'"':
            self._in_string = not self._in_string
        elif character in b"[{":
            self._depth += 1
            if self._depth == 1:
                return [self._take(start + 1)]
        elif character == b",":
            if self._depth == 1:
                return [*self._restored(self._take(start)), self._take(1)]
        else:
            self._depth -= 1
            if self._depth == 1:
                return self._restored(self._take(start + 1))
            if self._depth == 0:
                self._over = True
                out = self._restored(self._take(start))
                out += (b"," + json_text.dump(copy) for copy, _ in self._answer.finish())
                return [*out, self._take(1)]
        return []

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._position = 0
        return taken

    def _restored(self, source: bytes) -> list[bytes]:
        """An element, with the white space around it."""
        parts = _ELEMENT.match(source)
        if parts is None or not parts[2]:
            return [source] if source else []
        try:
            message = json_text.parse(parts[2])
            restored = self._answer.restore(message, None, parts[2])
            before = b"".join(json_text.dump(copy) + b"," for copy, _ in restored.before)
            element = json_text.dump(restored.message) if restored.changed else parts[2]
        except ValueError:
            return [source]
        return [parts[1] + before + element + parts[3]]
