"""Anthropic's Messages API (docs.anthropic.com/en/api/messages): messages, count_tokens and batches of messages."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece, Position, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.refusals import refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, elements, member

BESIDE: Final = {
    **SETTINGS,
    "system": Role.SYSTEM,
    "tools": Role.TOOL_DEFINITION,
    "mcp_servers": Role.TOOL_DEFINITION,
    "prompt": Role.USER,
}

TEXTS: Final = {"text": Channel.TEXT, "thinking": Channel.REASONING, "partial_json": Channel.TOOL_CALL}
"""Members of a content block or its delta that hold text of the answer."""


class AnthropicMessages(Format):
    """Messages with content blocks."""

    id = "anthropic_messages"

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        batch = elements(member(body, "requests"))
        if not batch:
            return Conversation(body, ("messages",), BESIDE).annotate(paths)
        conversations = [
            Conversation(body, ("requests", number, "params", "messages"), BESIDE) for number in range(len(batch))
        ]
        other = Annotation(Role.OTHER, Position.NEW)
        return [
            conversations[path[1]].annotate((path,))[0]
            if len(path) > 3 and path[:1] == ("requests",) and isinstance(path[1], int) and path[2] == "params"
            else other
            for path in paths
        ]

    def pieces(self, message: Any) -> Sequence[Piece]:
        return message_pieces(message)

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        return closed_blocks(message)

    def refuse(self, notice: Notice, *, streaming: bool) -> Answer:
        """Anthropic's error object (docs.anthropic.com/en/api/errors)."""
        error = {"type": "invalid_request_error", "message": notice.text}
        return refusal({"type": "error", "error": error, "request_id": notice.decision_id})


def message_pieces(message: Any) -> list[Piece]:
    """The answer's texts in a stream's event or in a whole message."""
    kind = member(message, "type")
    if kind == "content_block_delta":
        return _block_pieces(member(message, "delta"), ("delta",), member(message, "index"))
    if kind == "content_block_start":
        return _block_pieces(member(message, "content_block"), ("content_block",), member(message, "index"))
    if kind == "message":
        found: list[Piece] = []
        for index, block in enumerate(elements(member(message, "content"))):
            found += _block_pieces(block, ("content", index), index)
        return found
    return []


def closed_blocks(message: Any) -> Sequence[Hashable] | None:
    """The content blocks that an event ends; None where it ends all."""
    kind = member(message, "type")
    if kind == "content_block_stop":
        return [("block", _number(member(message, "index")))]
    if kind in ("message_start", "message_delta", "message_stop", "error"):
        return None
    return ()


def _block_pieces(block: Any, path: Path, index: Any) -> list[Piece]:
    return [
        Piece((*path, name), ("block", _number(index)), channel)
        for name, channel in TEXTS.items()
        if isinstance(member(block, name), str)
    ]


def _number(index: Any) -> int:
    return index if isinstance(index, int) else 0
