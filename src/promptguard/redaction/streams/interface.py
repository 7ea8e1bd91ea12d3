"""What every restorer of a streamed answer is: bytes in, bytes out, no I/O."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

MAX_MESSAGE: Final = 16 * 1024 * 1024
"""Bytes that one message of an answer (an event, a line, a body) may have. Longer ones pass as they are."""


class StreamRestorer(ABC):
    """Restores the body of one answer, which may come in pieces cut anywhere.

    Nothing that can be shown is held back. What comes out, put together, does not depend on how what went in was cut.
    """

    @abstractmethod
    def feed(self, data: bytes) -> list[bytes]:
        """What can go to the client after another piece; an empty list where that is nothing."""

    @abstractmethod
    def finish(self) -> list[bytes]:
        """What remains at the end of the body. Called once, after all of it was fed."""
