"""OpenAI's Responses API, over HTTP and WebSocket (platform.openai.com/docs/api-reference/responses)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece, Request, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.refusals import openai_refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, elements, member, text_member, voice

BESIDE: Final = {**SETTINGS, "instructions": Role.SYSTEM, "tools": Role.TOOL_DEFINITION}

DELTAS: Final = {
    "response.output_text.delta": Channel.TEXT,
    "response.refusal.delta": Channel.TEXT,
    "response.output_audio_transcript.delta": Channel.TEXT,
    "response.audio_transcript.delta": Channel.TEXT,
    "response.text.delta": Channel.TEXT,  # Realtime API
    "response.reasoning_text.delta": Channel.REASONING,
    "response.reasoning_summary_text.delta": Channel.REASONING,
    "response.function_call_arguments.delta": Channel.TOOL_CALL,
    "response.mcp_call_arguments.delta": Channel.TOOL_CALL,
    # The input of these tools is plain text, not JSON source, and no place for an announcement either.
    "response.custom_tool_call_input.delta": Channel.REASONING,
    "response.code_interpreter_call_code.delta": Channel.REASONING,
}
"""Events that carry a part of a text, with what the text is for."""

LAST_EVENTS: Final = frozenset(
    {"response.completed", "response.failed", "response.incomplete", "response.done", "error"}
)


class OpenAIResponses(Format):
    """A list of items: messages, tool calls and their outputs."""

    id = "openai_responses"
    embedded = frozenset({"arguments"})

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        inner = isinstance(member(body, "response"), dict)  # `response.create` of the Realtime API
        return Conversation(body, ("response", "input") if inner else ("input",), BESIDE, _item_role).annotate(paths)

    def conversation(self, request: Request, body: Any) -> str:
        conversation = member(body, "conversation")
        found = conversation if isinstance(conversation, str) else text_member(conversation, "id")
        return found or text_member(body, "previous_response_id")

    def pieces(self, message: Any) -> Sequence[Piece]:
        kind = text_member(message, "type")
        channel = DELTAS.get(kind)
        if channel is not None:
            return [Piece(("delta",), _key(kind, message), channel)] if isinstance(message.get("delta"), str) else ()
        if kind.endswith("arguments.done"):
            return _arguments(message, ())
        if kind.startswith("response.output_item."):
            return _arguments(member(message, "item"), ("item",))
        if isinstance(member(message, "response"), dict):  # the texts in it are whole, and were streamed already
            return [
                piece for piece in _output(message["response"], ("response",)) if piece.channel is Channel.TOOL_CALL
            ]
        return _output(message, ())

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        kind = text_member(message, "type")
        if kind.endswith(".done") and kind.removesuffix("done") + "delta" in DELTAS:
            return [_key(kind.removesuffix("done") + "delta", message)]
        return None if kind in LAST_EVENTS else ()

    def refuse(self, notice: Notice, *, streaming: bool) -> Answer:
        return openai_refusal(notice)


def _item_role(item: Any) -> Role:
    kind = text_member(item, "type")
    if kind.endswith("_output"):
        return Role.TOOL_RESULT
    if kind.endswith("_call"):
        return Role.TOOL_CALL
    if kind in ("reasoning", "compaction"):
        return Role.ASSISTANT
    return voice(member(item, "role"))


def _key(kind: str, event: Any) -> Hashable:
    """Which text of the answer an event belongs to: an item has several, by content or summary index."""
    index = member(event, "content_index")
    if not isinstance(index, int):
        index = member(event, "summary_index")
    item = text_member(event, "item_id") or str(member(event, "output_index"))
    return (kind, item, index if isinstance(index, int) else 0)


def _output(response: Any, path: Path) -> list[Piece]:
    """The texts of a whole answer."""
    found: list[Piece] = []
    for number, item in enumerate(elements(member(response, "output"))):
        here: Path = (*path, "output", number)
        found += _arguments(item, here)
        for name, channel in (("content", Channel.TEXT), ("summary", Channel.REASONING)):
            for index, part in enumerate(elements(member(item, name))):
                if isinstance(member(part, "text"), str):
                    found.append(Piece((*here, name, index, "text"), ("output", number, name, index), channel))
    return found


def _arguments(value: Any, path: Path) -> list[Piece]:
    """JSON source in an event or item that has it whole."""
    if not isinstance(member(value, "arguments"), str):
        return []
    item = text_member(value, "item_id") or text_member(value, "id") or text_member(value, "call_id")
    return [Piece((*path, "arguments"), ("whole", item), Channel.TOOL_CALL)]
