"""What a framing is: how messages stand in bytes, described once for both directions. No I/O.

A decoder cuts a body, however it comes, into frames: each with the bytes it came in and, where there is something to
read in it, its payload. Nothing is lost: the sources of all frames, joined, are the bytes that went in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import regex

MAX_MESSAGE: Final = 16 * 1024 * 1024
"""Bytes that one message (an event, a line, a body) may have. Longer ones pass as they are."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Some bytes of a body. This kind has nothing to read: a comment, a blank line, white space between others."""

    source: bytes
    """Exactly as they came."""
    payload: bytes | None = None
    """What the frame carries, mostly JSON source; None where there is nothing to read."""
    family: str = ""
    """A name that the frame gives its payload, such as that of an event."""

    ends: ClassVar[bool] = False
    """No message follows that goes on with a text begun before."""
    whole: ClassVar[bool] = False
    """The payload is all that the body says."""
    may_be_text: ClassVar[bool] = False
    """The payload may be plain text in place of JSON."""
    may_be_protobuf: ClassVar[bool] = False
    """The payload may be a message of protocol buffers in place of JSON."""

    @property
    def missing_end(self) -> bytes:
        """What has to be sent behind the frame before another one, where the body broke off within it."""
        return b""

    def with_payload(self, payload: bytes) -> bytes:
        """The same frame around another payload: its source, but for that, with lengths and checksums made new."""
        return self.source

    def another(self, payload: bytes, following: Frame | None) -> bytes:
        """A further frame like this one, to be sent before `following`, or at the end of the body for None."""
        return self.with_payload(payload)


@dataclass(frozen=True, slots=True)
class EndFrame(Frame):
    """Bytes that end what was streamed, with nothing to read in them."""

    ends: ClassVar[bool] = True


class FrameDecoder(ABC):
    """Cuts one body into frames."""

    @abstractmethod
    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete after more data, which may be cut anywhere."""

    @abstractmethod
    def finish(self) -> list[Frame]:
        """What is left at the end of the body. Called once."""


class Framing(ABC):
    """One way in which messages stand in bytes. Stateless."""

    id: ClassVar[str]
    """The name that formats use."""
    media_types: ClassVar[frozenset[str]] = frozenset()
    """Media types that are of this framing, whatever the first bytes are."""
    begins: ClassVar[regex.Pattern[bytes] | None] = None
    """How a body of this framing begins, where its media type does not tell; None if that says nothing."""
    binary: ClassVar[bool] = False
    """It is no text: bytes of it say nothing unless they are decoded."""
    several: ClassVar[bool] = False
    """Several of its frames may stand in one message of a WebSocket, and have to leave in one."""
    running_text: ClassVar[bool] = False
    """Frames are pieces of one text, cut anywhere."""

    @abstractmethod
    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        """A decoder for one body; `message_encoding` is how frames of their own are compressed, as a header says."""

    def fits(self, first_bytes: bytes) -> bool:
        """Whether a body that the wire format says to be of this framing may be so."""
        return self.begins is None or self.begins.match(first_bytes, concurrent=False) is not None

    def fits_message(self, content: bytes) -> bool:
        """Whether one message of a WebSocket is of this framing."""
        return False

    def frames(self, body: bytes, message_encoding: str = "") -> Sequence[Frame]:
        """The frames of a whole body."""
        decoder = self.decoder(message_encoding)
        return [*decoder.feed(body), *decoder.finish()]


class BufferedDecoder(FrameDecoder):
    """A decoder that keeps what is not yet a whole frame."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0
        """Up to where the buffer holds no end of a frame."""

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._searched = 0
        return taken

    def _take_all(self) -> list[Frame]:
        """All that is kept, as bytes with nothing to read; no frame where that is nothing."""
        return [Frame(self._take(len(self._buffer)))] if self._buffer else []
