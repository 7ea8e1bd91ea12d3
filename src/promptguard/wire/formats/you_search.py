"""you.com in the browser: the question in the query, the answer as events.

Not documented by You.com: the shapes its own pages send, from older clients only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from promptguard.model import Answer, Notice, Path, Piece, Request
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import event_stream, web_refusal
from promptguard.wire.formats.turns import member

EVENT: Final = "youChatToken"
"""The name of an event that carries a piece of the answer, and of the member that holds it."""

_PIECE: Final = Piece((EVENT,), EVENT)


class YouSearch(Format):
    """`GET /api/streamingSearch?q=…`; answers as events `youChatToken`, images and lists as `youChatUpdate`."""

    id = "you_search"
    query = Members("""
        protocol  domain selectedChatMode selectedAiModel conversationTurnId chatId
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        return [_PIECE] if isinstance(member(message, EVENT), str) else ()

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)

    def refuse_stream(self, request: Request, body: Any, notice: Notice) -> Answer | None:
        """An answer of its own: the page takes the ids of conversations from nobody, so that it goes on."""
        if not request.path.lower().rstrip("/").endswith("/api/streamingsearch"):
            return None
        return event_stream({EVENT: notice.text}, event=EVENT)
