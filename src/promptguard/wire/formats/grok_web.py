"""Grok on grok.com and on X. Not documented by xAI: the shapes that the pages send, as public clients do.

`x-statsig-id` and `x-client-transaction-id` cover method and path, not the body. X sends its JSON as `text/plain`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece, Position, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import refusal
from promptguard.wire.formats.turns import ANNOTATIONS, member

INVALID_ARGUMENT: Final = 3
"""gRPC's status code, as errors of grpc-gateway carry it."""

TEXT, THINKING = "text", "thinking"

_VOICES: Final = {"customInstructions": Role.SYSTEM, "deviceEnvInfo": Role.OTHER}

_PLACES: Final[Sequence[Path]] = (("result", "response", "token"), ("result", "token"), ("result", "message"))
"""Where a piece stands: on grok.com, in a conversation that goes on there, and on X."""


class GrokWeb(Format):
    """`message` on grok.com, `responses[].message` on X; answers as lines with a token each, then the whole message."""

    id = "grok_web"
    members = Members("""
        protocol  modelName modeId deepsearchPreset fileAttachments[] imageAttachments[] deviceEnvInfo.**
        protocol  grokModelOptionId modelMode conversationId promptMetadata.promptSource promptMetadata.action
        protocol  systemPromptName responses[].promptSource fileMimeType
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        annotations = ANNOTATIONS[Position.NEW]
        return [
            annotations[_VOICES.get(path[0], Role.USER) if path and isinstance(path[0], str) else Role.USER]
            for path in paths
        ]

    def pieces(self, message: Any) -> Sequence[Piece]:
        for path in _PLACES:
            if isinstance(member(message, *path), str):
                thinking = member(message, *path[:-1], "isThinking") is True
                key, channel = (THINKING, Channel.REASONING) if thinking else (TEXT, Channel.TEXT)
                return [Piece(path, key, channel)]
        return ()

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        result = member(message, "result")
        if member(result, "response", "modelResponse") is not None or member(result, "isDone") is True:
            return None
        return [THINKING] if any(piece.key == TEXT for piece in self.pieces(message)) else ()

    def refuse(self, notice: Notice) -> Answer:
        return refusal({"error": {"code": INVALID_ARGUMENT, "message": notice.text, "details": []}})
