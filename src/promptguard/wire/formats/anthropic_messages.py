"""Anthropic's Messages API (docs.anthropic.com/en/api/messages): messages, count_tokens and batches of messages."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece, Position, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import busy, refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, elements, list_of, member, text_member
from promptguard.wire.parts import Part

BESIDE: Final = {
    **SETTINGS,
    "system": Role.SYSTEM,
    "tools": Role.TOOL_DEFINITION,
    "mcp_servers": Role.TOOL_DEFINITION,
    "output_config": Role.TOOL_DEFINITION,
    "output_format": Role.TOOL_DEFINITION,
    "prompt": Role.USER,
}

MEMBERS: Final = """
    protocol  model anthropic_version anthropic_beta anthropic_beta[] service_tier inference_geo container container.id
    protocol  container.skills[].type container.skills[].skill_id container.skills[].version speed betas[]
    protocol  thinking.type thinking.display output_config.effort output_config.format.type output_format.type
    protocol  tool_choice.type tool_choice.name context_management.edits[].type cache_control.type cache_control.ttl
    grammar   context_management.** stop_sequences[]
    schema    output_config.format.schema output_format.schema
    protocol  messages[].role messages[].content[].type messages[].content[].id messages[].content[].name
    protocol  messages[].content[].tool_use_id messages[].content[].server_name messages[].content[].caller.**
    protocol  messages[].content[].source.type messages[].content[].source.media_type
    protocol  messages[].content[].source.file_id messages[].content[].content.type messages[].content[].file_id
    protocol  messages[].content[].content[].type messages[].content[].content[].tool_name
    protocol  messages[].content[].content[].source.type messages[].content[].content[].source.media_type
    protocol  messages[].content[].content.error_code messages[].content[].content.retrieved_at
    protocol  messages[].content[].content.content.type messages[].content[].content.content.source.type
    protocol  messages[].content[].content.content.source.media_type
    protocol  messages[].content[].content.content[].type messages[].content[].content.content[].file_id
    protocol  messages[].content[].content.tool_references[].type messages[].content[].content[].file_id
    protocol  messages[].content[].content.tool_references[].tool_name
    protocol  messages[].content[].citations[].type system[].type system[].citations[].type
    protocol  **.cache_control.type **.cache_control.ttl **.cache_control.scope
    text      messages[].content[].input.**
    protocol  tools[].name tools[].type tools[].allowed_callers[] tools[].strict
    protocol  tools[].allowed_domains[] tools[].blocked_domains[] tools[].mcp_server_name
    protocol  tools[].user_location.type tools[].user_location.timezone tools[].user_location.country
    protocol  mcp_servers[].tool_configuration.allowed_tools[]
    protocol  mcp_servers[].type mcp_servers[].name
    schema    tools[].input_schema
    sealed    messages[].content[].signature messages[].content[].data messages[].content[].thinking
    sealed    messages[].content[].content[].encrypted_content messages[].content[].content.encrypted_stdout
    sealed    messages[].content[].citations[].encrypted_index messages[].content[].encrypted_content
"""
"""Thinking is bound by its signature: changed by a letter, it is refused."""

TEXTS: Final = {
    "text": Channel.TEXT,
    "thinking": Channel.SEALED,
    "signature": Channel.SEALED,
    "partial_json": Channel.TOOL_CALL,
}
"""Members of a content block or its delta that hold text of the answer, or come back unchanged. Placeholders stay in
thinking, so that it comes back as it was signed."""

_OVERLOADED: Final = 529
"""Anthropic's own status for it (docs.anthropic.com/en/api/errors)."""


class AnthropicMessages(Format):
    """Messages with content blocks."""

    id = "anthropic_messages"
    members = Members(MEMBERS + "protocol requests[].custom_id", roots=("", "requests[].params"))

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

    def text_part(self, path: Path, text: str) -> Part | None:
        return Part({"type": "text", "text": text}) if list_of(path) in ("content",) else None

    def refuse(self, notice: Notice) -> Answer:
        """Anthropic's error object (docs.anthropic.com/en/api/errors)."""
        error = {"type": "invalid_request_error", "message": notice.text}
        return refusal({"type": "error", "error": error, "request_id": notice.decision_id})

    def refuse_for_now(self, notice: Notice) -> Answer:
        """Anthropic's `overloaded_error`, which has a status of its own."""
        error = {"type": "overloaded_error", "message": notice.text}
        return busy({"type": "error", "error": error, "request_id": notice.decision_id}, notice, _OVERLOADED)


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
        number = _number(member(message, "index"))
        return [("block", number), ("sealed", number, "thinking"), ("sealed", number, "signature")]
    if kind in ("message_start", "message_delta", "message_stop", "error"):
        return None
    return ()


def _block_pieces(block: Any, path: Path, index: Any) -> list[Piece]:
    number = _number(index)
    found = [
        Piece((*path, name), ("block", number) if channel is not Channel.SEALED else ("sealed", number, name), channel)
        for name, channel in TEXTS.items()
        if isinstance(member(block, name), str)
    ]
    return found + [Piece(place, ("sealed", number, place), Channel.SEALED) for place in _sealed_places(block, path)]


def _sealed_places(block: Any, path: Path) -> Iterator[Path]:
    """What comes whole and goes back unchanged: redacted thinking, pages that were searched, marks of citations."""
    if text_member(block, "data") and text_member(block, "type") == "redacted_thinking":
        yield (*path, "data")
    for index, result in enumerate(elements(member(block, "content"))):
        if text_member(result, "encrypted_content"):
            yield (*path, "content", index, "encrypted_content")
    if text_member(block, "citation", "encrypted_index"):
        yield (*path, "citation", "encrypted_index")
    for index, citation in enumerate(elements(member(block, "citations"))):
        if text_member(citation, "encrypted_index"):
            yield (*path, "citations", index, "encrypted_index")


def _number(index: Any) -> int:
    return index if isinstance(index, int) else 0
