"""Which restorer fits an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from promptguard.model import AnswerShape, Restoration
from promptguard.redaction.streams.answer import AnswerRestorer
from promptguard.redaction.streams.decoding import DecodingRestorer, decoders_for
from promptguard.redaction.streams.interface import StreamRestorer
from promptguard.redaction.streams.json_array import JsonArray
from promptguard.redaction.streams.json_document import JsonDocument
from promptguard.redaction.streams.ndjson import NewlineDelimitedJson
from promptguard.redaction.streams.sse import ServerSentEvents
from promptguard.redaction.streams.text import PlainText

_EVENTS: Final = "text/event-stream"
_LINES: Final = frozenset(
    f"application/{name}"
    for name in (
        "x-ndjson",
        "ndjson",
        "jsonl",
        "x-jsonlines",
        "jsonlines",
        "json-lines",
        "stream+json",
        "x-json-stream",
    )
)
_UNSURE: Final = frozenset(("", "text/plain", "text/markdown", "application/octet-stream"))
"""Media types that say little: the first bytes decide."""

_CHARSETS: Final = frozenset(("", "utf-8", "utf8", "us-ascii", "ascii"))

_SNIFFED: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:(?P<events>data:|event:)|(?P<document>\{)|(?P<array>\[(?![A-Z0-9_])))"
)
_UNDECIDED: Final = re.compile(rb"(?:\xef(?:\xbb\xbf?)?)?\s*(?:\[|\)\]?\}?|d(?:a(?:ta?)?)?|e(?:v(?:e(?:nt?)?)?)?)?\Z")


def restorer_for(
    content_type: str,
    shape: AnswerShape | None,
    restoration: Restoration,
    announcement: str | None,
    *,
    content_encoding: str = "",
) -> StreamRestorer | None:
    """The restorer for the body of an answer, or None where it passes as it is.

    What comes out of the restorer is not content-encoded, and may have another length. None where there is nothing to
    put back or announce; for media types that hold no text of an answer, pages among them; and for encodings,
    character sets and framings that cannot be read.

    Args:
        content_type: the value of the header; empty if there is none.
        shape: what the wire format knows of answers.
        announcement: put before the first text of the answer.
        content_encoding: the value of the header; empty if there is none.
    """
    if not restoration and not announcement:
        return None
    media_type, _, parameters = content_type.lower().partition(";")
    media_type = media_type.strip()
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]*)", parameters)
    if charset and charset[1] not in _CHARSETS:
        return None

    def events() -> StreamRestorer:
        return ServerSentEvents(AnswerRestorer(shape, restoration, announcement))

    def lines() -> StreamRestorer:
        return NewlineDelimitedJson(AnswerRestorer(shape, restoration, announcement))

    def sniffed(first: bytes) -> StreamRestorer | None:
        found = _SNIFFED.match(first)
        if found is None:
            is_text = media_type in _UNSURE and media_type != "application/octet-stream"
            return PlainText(restoration) if is_text and not first.startswith(b")]}'") else None
        if found["events"]:
            return events()
        if found["array"]:
            return JsonArray(AnswerRestorer(shape, restoration, announcement))
        return JsonDocument(AnswerRestorer(shape, restoration, announcement), lines)

    restorer: StreamRestorer
    if media_type == _EVENTS:
        restorer = events()
    elif media_type in _LINES:
        restorer = lines()
    elif media_type in _UNSURE or media_type.endswith(("/json", "+json")):
        restorer = _Sniffing(sniffed)
    else:
        return None
    decoders = decoders_for(content_encoding)
    if decoders is None:
        return None
    return DecodingRestorer(restorer, decoders) if decoders else restorer


class _Sniffing(StreamRestorer):
    """Waits for the first bytes of a body, and leaves it to the restorer that fits them."""

    def __init__(self, choose: Callable[[bytes], StreamRestorer | None]) -> None:
        self._choose = choose
        self._waiting = b""
        self._chosen = False
        self._restorer: StreamRestorer | None = None

    def feed(self, data: bytes) -> list[bytes]:
        if not self._chosen:
            self._waiting += data
            if _UNDECIDED.match(self._waiting) and len(self._waiting) < 1024:
                return []
            data = self._decide()
        if self._restorer:
            return self._restorer.feed(data)
        return [data] if data else []

    def finish(self) -> list[bytes]:
        out = [] if self._chosen else self.feed(self._decide())
        return out + (self._restorer.finish() if self._restorer else [])

    def _decide(self) -> bytes:
        first, self._waiting = self._waiting, b""
        self._restorer = self._choose(first)
        self._chosen = True
        return first
