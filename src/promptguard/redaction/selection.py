"""Which restorer fits an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from promptguard.model import AnswerShape, Restoration
from promptguard.redaction.frames import FrameRestorer
from promptguard.redaction.stream_restorer import DecodingRestorer, FramedRestorer, StreamRestorer, TextRestorer
from promptguard.wire.encodings import decoders_for
from promptguard.wire.framings import Framing, first_bytes_may_decide, framing_for

_CHARSETS: Final = frozenset(("", "utf-8", "utf8", "us-ascii", "ascii"))
_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE)


def restorer_for(
    content_type: str,
    shape: AnswerShape | None,
    restoration: Restoration,
    announcement: str | None,
    *,
    content_encoding: str = "",
    message_encoding: str = "",
    framing_id: str = "",
    expecting: bool = False,
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
        message_encoding: how single messages are compressed: `grpc-encoding` or `connect-content-encoding`.
        framing_id: the framing that the wire format names; empty for none.
        expecting: something to put back may become known later (`StreamRestorer.expect`).
    """
    charset = _CHARSET.search(content_type)
    decoders = decoders_for(content_encoding)
    if (
        not (restoration or announcement or expecting)
        or decoders is None
        or (charset and charset[1].lower() not in _CHARSETS)
    ):
        return None

    def make(framing: Framing | None) -> StreamRestorer | None:
        if framing is None or framing.running_text:
            return TextRestorer(restoration) if framing else None
        return FramedRestorer(framing.decoder(message_encoding), FrameRestorer(shape, restoration, announcement))

    restorer: StreamRestorer | None
    if first_bytes_may_decide(content_type):
        restorer = _Sniffing(content_type, framing_id, make)
    else:
        restorer = make(framing_for(content_type, b"", framing_id))
    return DecodingRestorer(restorer, decoders) if restorer and decoders else restorer


class _Sniffing(StreamRestorer):
    """Waits for the first bytes of a body, and leaves it to the restorer that fits them."""

    def __init__(
        self, content_type: str, framing_id: str, make: Callable[[Framing | None], StreamRestorer | None]
    ) -> None:
        self._content_type = content_type
        self._framing_id = framing_id
        self._make = make
        self._waiting = b""
        self._chosen = False
        self._restorer: StreamRestorer | None = None

    def feed(self, data: bytes) -> list[bytes]:
        if not self._chosen:
            self._waiting += data
            if first_bytes_may_decide(self._content_type, self._waiting):
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
        self._restorer = self._make(framing_for(self._content_type, first, self._framing_id))
        self._chosen = True
        return first
