"""A session over two connections: an event stream that stays open, and calls that are POSTed and answered in it.

That is MCP's older transport (modelcontextprotocol.io, 2024-11-05, HTTP with SSE). Its first event names where calls
go; who calls looks at nothing but the status there, and waits for the answer in the stream.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urljoin

from promptguard.wire.framings import load_framings

MAX_BEFORE_ENDPOINT: Final = 16 * 1024
"""Bytes in which the event has to come that names the endpoint; later ones are not looked for."""

MAX_WAITING: Final = 256 * 1024
"""Bytes of events that wait for the end of one that the service has begun."""

_BLANK_LINES: Final = (b"\n\n", b"\r\n\r\n", b"\r\r")


class EventSession:
    """What goes to the client in one stream: what the service says and, between its events, what we do.

    Args:
        url: of the stream, without the scheme: `//host/path?query`.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._decoder = load_framings()["sse"].decoder()
        self._looked_at = 0
        """Bytes in which the endpoint was looked for."""
        self._end = b""
        """The last bytes that the service said."""
        self._waiting = b""
        self.endpoint = ""
        """Where calls go, in the form of `url`; empty until the service has said so, or where it never does."""
        self.open = True

    def passed(self, pieces: Iterable[bytes]) -> list[bytes]:
        """Pieces that go to the client, and behind them what waits, if an event of the service ends there."""
        out = list(pieces)
        for piece in out:
            self._look_for_endpoint(piece)
            self._end = (self._end + piece[-4:])[-4:]
        return out + self.due()

    def say(self, events: bytes) -> bool:
        """Have whole events said; False where that is not possible."""
        if not self.open or len(self._waiting) + len(events) > MAX_WAITING:
            return False
        self._waiting += events
        return True

    def due(self) -> list[bytes]:
        """What waits and may go to the client now: nothing while an event of the service has not ended."""
        if not self._waiting or not self._end.endswith(_BLANK_LINES):
            return []
        out, self._waiting = [self._waiting], b""
        return out

    def _look_for_endpoint(self, data: bytes) -> None:
        if self.endpoint or self._looked_at > MAX_BEFORE_ENDPOINT:
            return
        self._looked_at += len(data)
        for frame in self._decoder.feed(data):
            if frame.family == "endpoint" and not self.endpoint and frame.payload:
                self.endpoint = self._resolved(frame.payload.decode("utf-8", "replace").strip())

    def _resolved(self, reference: str) -> str:
        try:
            absolute = urljoin(f"https:{self._url}", reference)
        except ValueError:
            return ""
        return absolute.partition(":")[2].partition("#")[0]
