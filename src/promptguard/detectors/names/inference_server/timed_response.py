"""Answers over HTTP that are read up to one moment: a socket's own timeout begins anew with each byte of them."""

from __future__ import annotations

import io
import socket
from http.client import HTTPResponse
from time import monotonic
from typing import Any, Final

LEAST_SECONDS: Final = 0.001
"""A socket takes zero for: do not wait."""


class _TimedReader(io.RawIOBase):
    """What comes in at a socket.

    Args:
        raw: reads from it.
        until: as of `time.monotonic`.
    """

    def __init__(self, raw: io.RawIOBase, connection: socket.socket, until: float) -> None:
        self._raw = raw
        self._connection = connection
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Raises `TimeoutError` once the time is over."""
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(max(left, LEAST_SECONDS))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        super().close()
        self._raw.close()


def responses_until(until: float) -> type[HTTPResponse]:
    """A class of responses, for `HTTPConnection.response_class`, whose head and body are read up to a moment.

    Args:
        until: as of `time.monotonic`.
    """

    class TimedResponse(HTTPResponse):
        def __init__(self, sock: socket.socket, *arguments: Any, **named: Any) -> None:
            super().__init__(sock, *arguments, **named)
            self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock, until))

    return TimedResponse
