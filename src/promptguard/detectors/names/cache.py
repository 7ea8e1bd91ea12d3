"""What was found in chunks of text before, without the texts."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict

from promptguard.detectors.names.spans import Span


class SpanCache:
    """Spans by a keyed hash of the text, the least recently used forgotten first.

    The key lives and dies with the process: from a hash alone nobody can test guesses of a text.
    """

    def __init__(self, limit: int) -> None:
        """A cache of at most `limit` texts."""
        self._limit = limit
        self._key = secrets.token_bytes(32)
        self._spans: OrderedDict[bytes, tuple[Span, ...]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._spans)

    def digest(self, text: str) -> bytes:
        """The hash under which a text's spans are kept."""
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest()

    def get(self, digest: bytes) -> tuple[Span, ...] | None:
        """The spans of the text with this digest; None if they are not known."""
        spans = self._spans.get(digest)
        if spans is not None:
            self._spans.move_to_end(digest)
        return spans

    def put(self, digest: bytes, spans: tuple[Span, ...]) -> None:
        """Keep the spans of the text with this digest."""
        self._spans[digest] = spans
        self._spans.move_to_end(digest)
        while len(self._spans) > self._limit:
            self._spans.popitem(last=False)
