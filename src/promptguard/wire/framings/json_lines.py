"""JSON Lines (jsonlines.org), as results of batches come, and JSON text sequences (RFC 7464)."""

from __future__ import annotations

import re
from typing import Final

from promptguard.wire.framings.interface import FrameDecoder, Framing
from promptguard.wire.framings.lines import LineDecoder

_LINE: Final = re.compile(rb"(?P<prefix>[ \t\x1e]*)(?P<payload>.*?)(?P<end>\s*)", re.DOTALL)


class JsonLines(Framing):
    """A message a line; in a sequence, with a record separator before it."""

    id = "json_lines"
    media_types = frozenset(
        f"application/{name}"
        for name in ("jsonl", "x-jsonl", "jsonlines", "x-jsonlines", "json-lines", "x-json-lines", "json-seq")
    )

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return LineDecoder(_LINE)
