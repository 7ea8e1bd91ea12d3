"""WebSocket messages: what the client says is inspected like a request, what the service says is restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mitmproxy import ctx, http
from mitmproxy.websocket import WebSocketMessage

from promptguard.model import Destination, Identity, Request, Restoration, Verdict
from promptguard.redaction.message_restorer import MessageRestorer

if TYPE_CHECKING:
    from promptguard.guard import Guard  # at run time it would bring in Presidio before the proxy listens


class Conversation:
    """One WebSocket connection to an AI service."""

    def __init__(self, flow: http.HTTPFlow, destination: Destination, identity: Identity) -> None:
        self.flow = flow
        self.destination = destination
        self.identity = identity
        self._restorer: MessageRestorer | None = None

    async def from_client(self, guard: Guard, message: WebSocketMessage) -> None:
        """Inspect a message on its way to the service: it goes on, goes on rewritten, or is answered with a notice.

        Raises:
            Exception: the message could not be inspected or recorded; the caller drops it.
        """
        path = self.flow.request.path.partition("?")[0]
        request = Request("WEBSOCKET", self.destination.hosts[0], path, headers={}, body=message.content)
        verdict = await guard.inspect(request, self.identity, self.destination)
        if verdict.answer is not None:
            message.drop()
            tell(self.flow, verdict.answer.body, is_text=message.is_text)
            return
        if verdict.body is not None:
            message.content = verdict.body
        self._expect(verdict)

    def from_service(self, message: WebSocketMessage) -> None:
        """Put back in an answer what was redacted before. What is held back or let go becomes messages of its own."""
        if self._restorer is None:
            return
        pieces = self._restorer.restore(message.content)
        if not pieces:
            message.drop()
            return
        message.content, *later = pieces
        for piece in later:  # injected messages are sent after the present one
            tell(self.flow, piece, is_text=message.is_text)

    def _expect(self, verdict: Verdict) -> None:
        if not verdict.restoration or verdict.shape is None:
            return
        if self._restorer is None:
            self._restorer = MessageRestorer(verdict.shape, verdict.restoration)
        else:
            self._restorer.restoration = Restoration(
                {**self._restorer.restoration.originals, **verdict.restoration.originals}
            )


def tell(flow: http.HTTPFlow, body: bytes, *, is_text: bool) -> None:
    """Send the client a message in the service's place."""
    ctx.master.commands.call("inject.websocket", flow, True, body, is_text)
