"""WebSocket messages: what the client says is inspected like a request, what the service says is restored."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mitmproxy.websocket import WebSocketMessage

from promptguard.errors import PromptGuardError
from promptguard.model import WEBSOCKET, AnswerShape, Identity, Request, Restoration, Segment, Verdict
from promptguard.page_layer.signals import Signal, last_marked, marked
from promptguard.proxy.names import Target
from promptguard.redaction.issued import joined
from promptguard.redaction.message_restorer import MessageRestorer
from promptguard.wire.answers import read_websocket
from promptguard.wire.running_text import questions, remembered

if TYPE_CHECKING:
    from promptguard.guard import Guard  # at run time it would bring in Presidio before the proxy listens

_OF_ONE_BODY = ("content-", "transfer-encoding", "expect", "trailer")
"""Headers of the upgrade that speak of a body: they say nothing of the messages that follow."""

MAX_HEARD: Final = 64
"""Messages of the service, the last ones, that may ask for something."""

MAX_ASKING: Final = 4_096
"""Bytes of each, and of a message that may be the reply."""


class Conversation:
    """One WebSocket connection to an AI service.

    Args:
        upgrade: the request that opened it.
        target: the service.
        identity: who opened it.
        observe: is called with what the client receives in answer to a request that is observed.
        shape: how the service's messages are read before the client has said anything.
        signal: is called with each verdict, and says what the layer in the page is told of it.
    """

    def __init__(
        self,
        upgrade: Request,
        target: Target,
        identity: Identity,
        observe: Callable[[Verdict, Sequence[bytes]], None] | None = None,
        shape: AnswerShape | None = None,
        signal: Callable[[Verdict], Signal | None] = lambda _: None,
    ) -> None:
        headers = {name: value for name, value in upgrade.headers.items() if not name.startswith(_OF_ONE_BODY)}
        self._upgrade = replace(upgrade, method=WEBSOCKET, query="", headers=headers, body=b"")
        self.target = target
        self.identity = identity
        self._restorer: MessageRestorer | None = None
        self._observe = observe
        self._signal = signal
        self._signalled: Signal | None = None
        """What the next text of the service tells the layer in the page."""
        self._observed: Verdict | None = None
        """Of the last request on the connection that asked for it."""
        self._said: tuple[Segment, ...] = ()
        """The last texts of the client, since something was found in one."""
        self._heard: deque[bytes] = deque(maxlen=MAX_HEARD)
        """What the service has said since."""
        self._shape = shape
        self._due: list[bytes] = []
        self._in_text = True
        """Whether the last message of the service was one of text."""

    async def from_client(self, guard: Guard, message: WebSocketMessage) -> None:
        """Inspect a message on its way to the service: it goes on, goes on rewritten, or is answered with a notice.

        Raises:
            Exception: the message could not be inspected or recorded; the caller refuses it.
        """
        request = replace(self._upgrade, body=message.content)
        before = (*self._said, *self._questions(message.content))
        verdict = await guard.inspect(request, self.identity, self.target.destination, before=before)
        self._shape = verdict.shape
        untouched = verdict.prompt is not None and verdict.answer is None and verdict.body is None
        self._said = remembered(self._said, verdict.prompt.segments) if untouched and verdict.prompt else ()
        signal = self._signal(verdict)
        if verdict.answer is not None:
            notices = verdict.messages or (verdict.answer.body,)
            self.refuse(message, last_marked(notices, signal) if signal and message.is_text else notices)
            return
        self._signalled = signal or self._signalled
        if verdict.body is not None:
            message.content = verdict.body
        self._expect(verdict)

    def refuse(self, message: WebSocketMessage, notices: Iterable[bytes]) -> None:
        """Drop a message of the client, who is told so in the service's place; the connection goes on."""
        message.drop()
        self._in_text = message.is_text
        self._due += notices

    def from_service(self, message: WebSocketMessage) -> None:
        """Put back in an answer what was redacted before."""
        self._in_text = message.is_text
        self._tell(message.content)
        if len(message.content) <= MAX_ASKING:
            self._heard.append(message.content)
        messages = self._restorer.restore(message.content) if self._restorer else [message.content]
        self._due += messages[:-1]
        if messages:
            message.content = self._marked(messages[-1])
        else:
            message.drop()

    def _marked(self, content: bytes) -> bytes:
        if self._signalled is None or not self._in_text:
            return content
        out = marked(content, self._signalled)
        if out != content:
            self._signalled = None
        return out

    def finish(self) -> None:
        """The service says no more: what is still held back is due."""
        if self._restorer is not None:
            held = self._restorer.finish()
            self._restorer = None
            self._due += held

    def due(self) -> tuple[list[bytes], bool]:
        """What the client has to be sent before anything else, given out once, and whether it is text."""
        due, self._due = self._due, []
        return due, self._in_text

    def _questions(self, answer: bytes) -> tuple[Segment, ...]:
        """What the service asked for in its last messages, if a message of the client is short enough for a reply."""
        heard = list(self._heard)
        self._heard.clear()
        if not heard or len(answer) > MAX_ASKING:
            return ()
        try:
            return questions(read_websocket(heard, self._shape).texts)
        except PromptGuardError:
            return ()

    def _tell(self, content: bytes) -> None:
        """Learn from a message as it came: an original that we put back is nothing that the service said."""
        if self._observe and self._observed:
            self._observe(self._observed, [content])

    def _expect(self, verdict: Verdict) -> None:
        if verdict.observed:
            self._observed = verdict
        if verdict.restoration:
            self.expect(verdict.restoration)

    def expect(self, restoration: Restoration) -> None:
        """From now on, restore these placeholders too."""
        if self._restorer is not None:
            self._restorer.restoration = joined(self._restorer.restoration, restoration)
        elif self._shape is not None:
            self._restorer = MessageRestorer(self._shape, restoration)
