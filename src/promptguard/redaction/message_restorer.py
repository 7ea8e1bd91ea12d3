"""WebSocket messages of one connection."""

from __future__ import annotations

from promptguard.model import AnswerShape, Restoration
from promptguard.redaction.frames import FrameRestorer
from promptguard.wire.framings import framing_of_message


class MessageRestorer:
    """Restores the messages that a service sends over one WebSocket connection, in their order."""

    def __init__(self, shape: AnswerShape | None, restoration: Restoration, announcement: str | None = None) -> None:
        self._frames = FrameRestorer(shape, restoration, announcement)
        self._restoration = restoration

    @property
    def restoration(self) -> Restoration:
        """What may be put back. Assign a larger one when a later request on the connection was redacted."""
        return self._restoration

    @restoration.setter
    def restoration(self, restoration: Restoration) -> None:
        self._restoration = restoration
        self._frames.expect(restoration)

    def restore(self, content: bytes) -> list[bytes]:
        """The messages to send in place of one from the service.

        Mostly one. Others come before it where a text ends of which something was held back: they must be sent first.
        """
        framing = framing_of_message(content)
        pieces = [piece for frame in framing.frames(content) for piece in self._frames.restore(frame)]
        return [b"".join(pieces)] if framing.several or not pieces else pieces

    def finish(self) -> list[bytes]:
        """Messages to send before the service closes the connection: what is still held back."""
        return self._frames.finish()
