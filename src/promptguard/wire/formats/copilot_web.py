"""copilot.microsoft.com: JSON events over WebSocket. Not documented by Microsoft: the shapes its own pages send."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

import orjson

from promptguard.model import Answer, Channel, Notice, Path, Piece
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import web_refusal
from promptguard.wire.formats.turns import text_member

TEXTS: Final = {
    "appendText": Channel.TEXT,
    "replaceText": Channel.TEXT,
    "chainOfThought": Channel.REASONING,
}
"""Events that carry a text, with what it is for."""

_ENDS: Final = frozenset({"partCompleted", "done", "error"})


class CopilotWeb(Format):
    """`{"event": "send", "content": [{"type": "text", "text": …}]}`; answers as `appendText` events."""

    id = "copilot_web"
    members = Members(
        r"""
        protocol  event conversationId mode model content[].type content[].id context.edge method locale market
        protocol  content[].url supportedFeatures[] supportedActions[] supportedCards[] ads.supportedTypes[]
        sealed    <[\w.=+/|:~-]{1,8000}> token
        """
    )
    query = Members(
        r"""
        sealed    <[0-9a-fA-F-]{36}> clientSessionId
        sealed    <.+> accessToken
        protocol  api-version
        """
    )

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        event = text_member(message, "event")
        channel = TEXTS.get(event)
        if channel is None or not isinstance(message.get("text"), str):
            return ()
        return [Piece(("text",), (event, text_member(message, "messageId"), text_member(message, "partId")), channel)]

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        event = text_member(message, "event")
        if event == "replaceText":
            return [piece.key for piece in self.pieces(message)]
        return None if event in _ENDS else ()

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)

    def refuse_message(self, message: Any, notice: Notice) -> tuple[bytes, ...]:
        """An answer of its own, since the page shows its own sentence for an `error` event."""
        about = {"conversationId": text_member(message, "conversationId"), "messageId": notice.decision_id}
        events: tuple[dict[str, Any], ...] = (
            {"event": "startMessage", **about},
            {"event": "appendText", **about, "partId": "0", "text": notice.text},
            {"event": "partCompleted", **about, "partId": "0"},
            {"event": "done", **about},
        )
        return tuple(orjson.dumps(event) for event in events)
