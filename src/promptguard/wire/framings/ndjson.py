"""Newline-delimited JSON, and lines such as `0:"text"`, in which a short code says what the JSON behind it is."""

from __future__ import annotations

import re
from typing import Final

import regex

from promptguard.wire.framings.interface import FrameDecoder, Framing
from promptguard.wire.framings.lines import LineDecoder

_LINE: Final = re.compile(rb"(?P<prefix>[ \t]*(?:[0-9a-z]{1,8}:)?)(?P<payload>.*?)(?P<end>\s*)", re.DOTALL)


class NewlineDelimitedJson(Framing):
    """A message a line. The prefix with a code (Vercel's data stream, Le Chat, Arena) is the family."""

    id = "ndjson"
    media_types = frozenset(
        f"application/{name}" for name in ("x-ndjson", "ndjson", "stream+json", "x-json-stream", "json-stream")
    )
    begins = regex.compile(rb"[0-9a-f]{1,2}:[\[{\"]")

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return LineDecoder(_LINE)
