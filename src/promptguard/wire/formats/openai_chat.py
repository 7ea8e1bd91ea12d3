"""OpenAI chat completions and all that copies them (platform.openai.com/docs/api-reference/chat)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import openai_busy, openai_refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, elements, list_of, member, text_member
from promptguard.wire.parts import Part

BESIDE: Final = {
    **SETTINGS,
    "functions": Role.TOOL_DEFINITION,
    "response_format": Role.TOOL_DEFINITION,
    "tools": Role.TOOL_DEFINITION,
}

TEXTS: Final = {
    "content": Channel.TEXT,
    "refusal": Channel.TEXT,
    "reasoning_content": Channel.REASONING,  # DeepSeek, vLLM
    "reasoning": Channel.REASONING,  # OpenRouter, Groq
}
"""Members of a delta or a message that hold text of the answer."""

MAX_TOOL_CALLS: Final = 128
"""Tools that a request may define, and so the most calls in parallel that are thought of when a choice ends."""


MEMBERS: Final = """
    protocol  model object service_tier reasoning_effort verbosity prompt_cache_key prompt_cache_retention
    protocol  safety_identifier seed n modalities[] encoding_format include[] store_id
    protocol  tool_choice tool_choice.type tool_choice.function.name tool_choice.custom.name function_call
    protocol  function_call.name tool_choice.allowed_tools.mode tool_choice.allowed_tools.tools[].function.name
    protocol  audio.voice audio.format web_search_options.search_context_size
    protocol  response_format.type response_format.json_schema.name reasoning.effort reasoning.summary thinking.type
    schema    response_format.json_schema.schema response_format.schema guided_json extra_body.guided_json
    grammar   stop stop[] grammar guided_regex guided_grammar guided_choice[] logit_bias.** provider.**
    protocol  messages[].role messages[].name messages[].tool_call_id messages[].id messages[].type
    protocol  messages[].content[].type messages[].content[].image_url.detail messages[].content[].input_audio.format
    protocol  messages[].content[].file.file_id messages[].content[].tool_call_id messages[].content[].id
    protocol  messages[].audio.id messages[].function_call.name messages[].copilot_cache_control.type
    protocol  messages[].tool_calls[].id messages[].tool_calls[].type messages[].tool_calls[].function.name
    protocol  messages[].tool_calls[].custom.name messages[].reasoning_details[].type
    protocol  messages[].reasoning_details[].id messages[].reasoning_details[].format
    text      messages[].tool_calls[].function.arguments.** messages[].function_call.arguments.**
    protocol  tools[].type tools[].function.name tools[].function.strict tools[].name tools[].custom.name
    protocol  functions[].name **.cache_control.type **.cache_control.ttl
    schema    tools[].function.parameters tools[].function.output_schema tools[].parameters functions[].parameters
    grammar   tools[].custom.format.** tools[].custom.format.grammar.definition
    sealed    messages[].reasoning_details[].data messages[].reasoning_details[].signature
    sealed    messages[].reasoning_opaque messages[].thinking_blocks[].signature messages[].thinking_blocks[].data
    sealed    messages[].encrypted_content messages[].extra_content.google.thought_signature
    sealed    messages[].tool_calls[].extra_content.google.thought_signature
    sealed    messages[].thinking_signature messages[].reasoning_signature
"""
"""With the members that OpenRouter, Groq, Copilot, LiteLLM, vLLM and Google's compatible API add."""

SEALED: Final = ("reasoning_opaque", "encrypted_content", "thinking_signature", "reasoning_signature")
"""Members of a delta or a message that are no text and come back unchanged."""


class OpenAIChat(Format):
    """Chat completions; also the older completions (`prompt`) and embeddings (`input`)."""

    id = "openai_chat"
    embedded = frozenset({"arguments"})
    members = Members(MEMBERS)

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
                ended += [(number, "tool_calls", call) for call in range(MAX_TOOL_CALLS)]
        return ended

    def text_part(self, path: Path, text: str) -> Part | None:
        return Part({"type": "text", "text": text}) if list_of(path) in ("content",) else None

    def refuse(self, notice: Notice) -> Answer:
        return openai_refusal(notice)

    def refuse_for_now(self, notice: Notice) -> Answer:
        """See `Format.refuse_for_now`."""
        return openai_busy(notice)


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
    found += _sealed_pieces(part, path, number)
    for position, call in enumerate(elements(part.get("tool_calls"))):
        if isinstance(member(call, "function", "arguments"), str):
            key = (number, "tool_calls", _index(call, position))
            found.append(Piece((*path, "tool_calls", position, "function", "arguments"), key, Channel.TOOL_CALL))
    if text_member(part, "function_call", "arguments"):
        found.append(Piece((*path, "function_call", "arguments"), (number, "function_call"), Channel.TOOL_CALL))
    return found


def _sealed_pieces(part: dict[str, Any], path: Path, number: int) -> list[Piece]:
    found = [Piece((*path, name), (number, name), Channel.SEALED) for name in SEALED if text_member(part, name)]
    for position, detail in enumerate(elements(part.get("reasoning_details"))):
        for name in ("data", "signature"):
            if text_member(detail, name):
                key = (number, "reasoning_details", _index(detail, position), name)
                found.append(Piece((*path, "reasoning_details", position, name), key, Channel.SEALED))
    holders = [((*path, "extra_content"), part)]
    calls = enumerate(elements(part.get("tool_calls")))
    holders += [((*path, "tool_calls", position, "extra_content"), call) for position, call in calls]
    for place, holder in holders:
        if text_member(holder, "extra_content", "google", "thought_signature"):
            found.append(Piece((*place, "google", "thought_signature"), (number, place), Channel.SEALED))
    return found


def _index(value: Any, position: int) -> int:
    """The number that a choice or tool call has in all of the answer, else its place in this message."""
    index = member(value, "index")
    return index if isinstance(index, int) else position
