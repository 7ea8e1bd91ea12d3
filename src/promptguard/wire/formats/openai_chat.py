"""OpenAI chat completions and all that copies them (platform.openai.com/docs/api-reference/chat)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.refusals import openai_refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, elements, member, text_member

BESIDE: Final = {**SETTINGS, "tools": Role.TOOL_DEFINITION, "functions": Role.TOOL_DEFINITION}

TEXTS: Final = {
    "content": Channel.TEXT,
    "refusal": Channel.TEXT,
    "reasoning_content": Channel.REASONING,  # DeepSeek, vLLM
    "reasoning": Channel.REASONING,  # OpenRouter, Groq
}
"""Members of a delta or a message that hold text of the answer."""

MOST_TOOL_CALLS: Final = 128
"""Tools that a request may define, and so the most calls in parallel that are thought of when a choice ends."""


class OpenAIChat(Format):
    """Chat completions; also the older completions (`prompt`) and embeddings (`input`)."""

    id = "openai_chat"
    embedded = frozenset({"arguments"})

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return Conversation(body, ("messages",), BESIDE).annotate(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        found: list[Piece] = []
        for position, choice in enumerate(elements(member(message, "choices"))):
            number = _index(choice, position)
            if isinstance(member(choice, "text"), str):
                found.append(Piece(("choices", position, "text"), (number, "content")))
            for holder in ("delta", "message"):
                if isinstance(member(choice, holder), dict):
                    found += _pieces(choice[holder], ("choices", position, holder), number)
        return found

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        """A choice ends with its reason; some providers send that together with the last piece."""
        ended: list[Hashable] = []
        for position, choice in enumerate(elements(member(message, "choices"))):
            if member(choice, "finish_reason"):
                number = _index(choice, position)
                ended += [(number, name) for name in (*TEXTS, "function_call")]
                ended += [(number, "tool_calls", call) for call in range(MOST_TOOL_CALLS)]
        return ended

    def refuse(self, notice: Notice, *, streaming: bool) -> Answer:
        return openai_refusal(notice)


def _pieces(part: dict[str, Any], path: Path, number: int) -> list[Piece]:
    found: list[Piece] = []
    for name, channel in TEXTS.items():
        text = part.get(name)
        if isinstance(text, str):
            found.append(Piece((*path, name), (number, name), channel))
        elif name == "content":  # Mistral: a list of blocks
            for index, block in enumerate(elements(text)):
                if isinstance(member(block, "text"), str):
                    found.append(Piece((*path, name, index, "text"), (number, name), channel))
    for position, call in enumerate(elements(part.get("tool_calls"))):
        if isinstance(member(call, "function", "arguments"), str):
            key = (number, "tool_calls", _index(call, position))
            found.append(Piece((*path, "tool_calls", position, "function", "arguments"), key, Channel.TOOL_CALL))
    if text_member(part, "function_call", "arguments"):
        found.append(Piece((*path, "function_call", "arguments"), (number, "function_call"), Channel.TOOL_CALL))
    return found


def _index(value: Any, position: int) -> int:
    """The number that a choice or tool call has in all of the answer, else its place in this message."""
    index = member(value, "index")
    return index if isinstance(index, int) else position
