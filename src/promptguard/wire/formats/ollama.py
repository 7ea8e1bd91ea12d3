"""Ollama's own API (github.com/ollama/ollama/blob/main/docs/api.md): chat and generate, answers as NDJSON."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import busy, refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, member
from promptguard.wire.parts import Part

BESIDE: Final = {
    **SETTINGS,
    "format": Role.TOOL_DEFINITION,
    "images": Role.FILE,
    "system": Role.SYSTEM,
    "template": Role.SYSTEM,
    "tools": Role.TOOL_DEFINITION,
}

TEXTS: Final[tuple[tuple[Path, Channel], ...]] = (
    (("message", "content"), Channel.TEXT),
    (("message", "thinking"), Channel.REASONING),
    (("response",), Channel.TEXT),
    (("thinking",), Channel.REASONING),
)
"""Where a message of an answer holds text."""


class Ollama(Format):
    """Messages as OpenAI's, or a prompt."""

    id = "ollama"
    members = Members("""
        protocol  model name keep_alive think messages[].role messages[].tool_name messages[].tool_call_id
        protocol  messages[].tool_calls[].id messages[].tool_calls[].type messages[].tool_calls[].function.name
        protocol  tools[].type tools[].function.name
        grammar   options.** context[]
        schema    tools[].function.parameters format
        text      messages[].tool_calls[].function.arguments.**
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return Conversation(body, ("messages",), BESIDE).annotate(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        return [Piece(path, path, channel) for path, channel in TEXTS if isinstance(member(message, *path), str)]

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        return None if member(message, "done") is True else ()

    def text_part(self, path: Path, text: str) -> Part | None:
        """Pictures stand in a list beside the words of their message."""
        in_message = len(path) == 4 and path[0] == "messages" and path[2] == "images"
        return Part(text, beside="content") if in_message else None

    def refuse(self, notice: Notice) -> Answer:
        return refusal({"error": notice.text})

    def refuse_for_now(self, notice: Notice) -> Answer:
        """As Ollama answers where too many requests wait (docs.ollama.com/faq)."""
        return busy({"error": notice.text}, notice)
