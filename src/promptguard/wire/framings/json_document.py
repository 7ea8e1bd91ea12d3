"""A body that is one JSON document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import regex

from promptguard.wire import json_text
from promptguard.wire.framings.interface import MAX_MESSAGE, BufferedDecoder, Frame, FrameDecoder, Framing
from promptguard.wire.framings.ndjson import NewlineDelimitedJson


class JsonDocument(Framing):
    """One message, collected as a whole.

    Some services send newline-delimited JSON as `application/json`: where the first line is complete and another
    follows, the body is read as that, so that such streams stay streams.
    """

    id = "json_document"
    begins = regex.compile(rb"(?:\xef\xbb\xbf)?\s*\{")

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return DocumentDecoder()


@dataclass(frozen=True, slots=True)
class _Document(Frame):
    whole: ClassVar[bool] = True

    def with_payload(self, payload: bytes) -> bytes:
        return payload


class DocumentDecoder(BufferedDecoder):
    """Collects a document, or hands over to lines."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: FrameDecoder | None = None
        self._looked_at_lines = False
        self._over = False
        """The body is too long to be collected."""

    def feed(self, data: bytes) -> list[Frame]:
        if self._lines is not None:
            return self._lines.feed(data)
        if self._over:
            return [Frame(data)] if data else []
        self._buffer += data
        if not self._looked_at_lines and self._has_second_line():
            self._looked_at_lines = True
            if _is_json(bytes(self._buffer[: self._searched])):
                self._lines = NewlineDelimitedJson().decoder()
                return self._lines.feed(self._take(len(self._buffer)))
        if len(self._buffer) > MAX_MESSAGE:
            self._over = True
            return self._take_all()
        return []

    def finish(self) -> list[Frame]:
        if self._lines is not None:
            return self._lines.finish()
        source = self._take(len(self._buffer))
        return [_Document(source, source)] if source else []

    def _has_second_line(self) -> bool:
        end = self._buffer.find(b"\n", self._searched)
        self._searched = len(self._buffer) if end < 0 else end
        return bool(self._buffer[self._searched :].strip())


def _is_json(source: bytes) -> bool:
    try:
        json_text.parse(source)
    except ValueError:
        return False
    return True
