"""Cohere's chat API, versions 2 and 1 (docs.cohere.com/reference/chat)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece, Position, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import busy, refusal
from promptguard.wire.formats.turns import (
    ANNOTATIONS,
    SETTINGS,
    Conversation,
    elements,
    member,
    message_role,
)
from promptguard.wire.parts import Part, text_part

BESIDE: Final = {
    **SETTINGS,
    "documents": Role.FILE,
    "preamble": Role.SYSTEM,
    "response_format": Role.TOOL_DEFINITION,
    "tool_results": Role.TOOL_RESULT,
    "tools": Role.TOOL_DEFINITION,
}

DELTA: Final[Path] = ("delta", "message")

DELTAS: Final[tuple[tuple[str, Path, str, Channel], ...]] = (
    ("content-start", (*DELTA, "content", "text"), "content", Channel.TEXT),
    ("content-delta", (*DELTA, "content", "text"), "content", Channel.TEXT),
    ("content-start", (*DELTA, "content", "thinking"), "content", Channel.REASONING),
    ("content-delta", (*DELTA, "content", "thinking"), "content", Channel.REASONING),
    ("tool-plan-delta", (*DELTA, "tool_plan"), "plan", Channel.REASONING),
    ("tool-call-start", (*DELTA, "tool_calls", "function", "arguments"), "tool", Channel.TOOL_CALL),
    ("tool-call-delta", (*DELTA, "tool_calls", "function", "arguments"), "tool", Channel.TOOL_CALL),
)
"""Events of a version 2 stream: type, where it holds text, which sort of text, and what the text is for."""

ENDS: Final = {"content-end": "content", "tool-call-end": "tool", "tool-call-start": "plan"}
"""Events that end a text, with its sort."""


class Cohere(Format):
    """Messages (version 2), or a message and the `chat_history` before it (version 1)."""

    id = "cohere"
    embedded = frozenset({"arguments"})
    members = Members("""
        protocol  model messages[].role messages[].tool_call_id messages[].content[].type chat_history[].role
        protocol  messages[].content[].document.id messages[].tool_calls[].id messages[].tool_calls[].type
        protocol  messages[].tool_calls[].function.name chat_history[].tool_calls[].name documents[].id
        protocol  tools[].type tools[].function.name tools[].name tool_choice response_format.type safety_mode
        protocol  citation_options.mode conversation_id prompt_truncation connectors[].id input_type
        protocol  embedding_types[] truncate thinking.type citation_quality tool_results[].call.name
        grammar   stop_sequences[]
        schema    tools[].function.parameters response_format.json_schema response_format.schema
        text      messages[].tool_calls[].function.arguments.**
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        if "chat_history" not in (body if isinstance(body, dict) else ()):
            return Conversation(body, ("messages",), BESIDE).annotate(paths)
        history = [message_role(message) for message in elements(body["chat_history"])]
        answered = Role.ASSISTANT in history
        return [_annotate_first_version(path, history, answered) for path in paths]

    def pieces(self, message: Any) -> Sequence[Piece]:
        if member(message, "event_type") == "text-generation" and isinstance(message.get("text"), str):
            return [Piece(("text",), "text")]
        kind = member(message, "type")
        if isinstance(kind, str):
            return [
                Piece(path, (sort, _index(message)), channel)
                for event, path, sort, channel in DELTAS
                if event == kind and isinstance(member(message, *path), str)
            ]
        return _whole_answer(message)

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        kind = member(message, "type")
        if kind == "message-end" or member(message, "event_type") == "stream-end":
            return None
        sort = ENDS.get(kind) if isinstance(kind, str) else None
        return [(sort, 0 if sort == "plan" else _index(message))] if sort else ()

    def text_part(self, path: Path, text: str) -> Part | None:
        return text_part(path, text)

    def refuse(self, notice: Notice) -> Answer:
        return refusal({"id": notice.decision_id, "message": notice.text})

    def refuse_for_now(self, notice: Notice) -> Answer:
        """See `Format.refuse_for_now`."""
        return busy({"id": notice.decision_id, "message": notice.text}, notice)


def _annotate_first_version(path: Path, history: Sequence[Role], answered: bool) -> Annotation:
    name = path[0] if path else ""
    if name == "chat_history":
        index = path[1] if len(path) > 1 else None
        known = isinstance(index, int) and 0 <= index < len(history)
        return ANNOTATIONS[Position.HISTORY][history[index] if known and isinstance(index, int) else Role.USER]
    role = BESIDE.get(name, Role.USER) if isinstance(name, str) else Role.USER
    known = answered and role in (Role.SYSTEM, Role.TOOL_DEFINITION)
    return ANNOTATIONS[Position.HISTORY if known else Position.NEW][role]


def _whole_answer(message: Any) -> list[Piece]:
    found: list[Piece] = []
    if isinstance(member(message, "text"), str):
        found.append(Piece(("text",), "text"))
    for index, block in enumerate(elements(member(message, "message", "content"))):
        for name, channel in (("text", Channel.TEXT), ("thinking", Channel.REASONING)):
            if isinstance(member(block, name), str):
                found.append(Piece(("message", "content", index, name), ("content", index), channel))
    for index, call in enumerate(elements(member(message, "message", "tool_calls"))):
        if isinstance(member(call, "function", "arguments"), str):
            path: Path = ("message", "tool_calls", index, "function", "arguments")
            found.append(Piece(path, ("tool", index), Channel.TOOL_CALL))
    return found


def _index(event: Any) -> int:
    index = member(event, "index")
    return index if isinstance(index, int) else 0
