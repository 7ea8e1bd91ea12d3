"""duck.ai in the browser. Not documented by DuckDuckGo: the shapes that its own pages send.

The page keeps conversations itself and sends them whole; `x-vqd-hash-1` is a challenge that does not cover the body.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from promptguard.model import Answer, Notice, Path, Piece, Request
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import event_stream, web_refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, member
from promptguard.wire.parts import Part, text_part

_PIECE = Piece(("message",), "message")


class DuckAi(Format):
    """Messages with roles and a key for the answer to be encrypted to; answers as events with a `message` each."""

    id = "duck_ai"
    members = Members(
        r"""
        protocol  model messages[].role messages[].content[].type metadata.toolChoice.** durableStream.**
        sealed    <[\w-]{342,1024}> durableStream.publicKey.n
        """
    )

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return Conversation(body, ("messages",), SETTINGS).annotate(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        return [_PIECE] if isinstance(member(message, "message"), str) else ()

    def text_part(self, path: Path, text: str) -> Part | None:
        return text_part(path, text)

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)

    def refuse_stream(self, request: Request, body: Any, notice: Notice) -> Answer | None:
        """An answer of its own: errors of this service are types, for which the page has its own sentences."""
        if not request.path.lower().rstrip("/").endswith("/duckchat/v1/chat"):
            return None
        answer = event_stream({"message": notice.text})
        return Answer(answer.status, answer.headers, answer.body + b"data: [DONE]\n\n")
