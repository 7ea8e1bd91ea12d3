"""A body that is one JSON document."""

from __future__ import annotations

from collections.abc import Callable

from promptguard.redaction.streams import json_text
from promptguard.redaction.streams.answer import AnswerRestorer
from promptguard.redaction.streams.interface import MAX_MESSAGE, StreamRestorer


class JsonDocument(StreamRestorer):
    """Restores a body as a whole: it is collected, which only happens where there is something to put back.

    Some services send newline-delimited JSON as `application/json`. Where the first line is complete and another
    follows, `lines` takes over, so that such streams stay streams.
    """

    def __init__(self, answer: AnswerRestorer[None], lines: Callable[[], StreamRestorer]) -> None:
        self._answer = answer
        self._make_lines = lines
        self._delegate: StreamRestorer | None = None
        self._looked_at_lines = False
        self._searched = 0
        """Up to where the first line goes, as far as seen."""
        self._buffer = bytearray()
        self._over = False
        """The body is too long to be collected, and passes as it is."""

    def feed(self, data: bytes) -> list[bytes]:
        if self._delegate:
            return self._delegate.feed(data)
        if self._over:
            return [data] if data else []
        self._buffer += data
        if not self._looked_at_lines and self._has_second_line():
            self._looked_at_lines = True
            if _is_json(bytes(self._buffer[: self._searched])):
                self._delegate = self._make_lines()
                return self._delegate.feed(self._take())
        if len(self._buffer) > MAX_MESSAGE:
            self._over = True
            return [self._take()]
        return []

    def finish(self) -> list[bytes]:
        if self._delegate:
            return self._delegate.finish()
        source = self._take()
        if not source:
            return []
        try:
            message = json_text.parse(source)
            restored = self._answer.restore(message, None, source, whole=True)
            return [json_text.dump(restored.message) if restored.changed else source]
        except ValueError:
            return [source]

    def _has_second_line(self) -> bool:
        end = self._buffer.find(b"\n", self._searched)
        self._searched = len(self._buffer) if end < 0 else end
        return bool(self._buffer[self._searched :].strip())

    def _take(self) -> bytes:
        taken = bytes(self._buffer)
        self._buffer.clear()
        return taken


def _is_json(source: bytes) -> bool:
    try:
        json_text.parse(source)
    except ValueError:
        return False
    return True
