"""OpenAI's Responses API, over HTTP and WebSocket (platform.openai.com/docs/api-reference/responses)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson

from promptguard.model import Answer, Channel, Notice, Path, Piece, Request, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import STATUS, UPGRADE_REQUIRED, openai_busy, openai_refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, elements, list_of, member, text_member, voice
from promptguard.wire.parts import Part

BESIDE: Final = {
    **SETTINGS,
    "instructions": Role.SYSTEM,
    "text": Role.TOOL_DEFINITION,
    "tools": Role.TOOL_DEFINITION,
}
"""`text` is the form of the answer, a schema for example."""

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


MEMBERS: Final = """
    protocol  model type previous_response_id conversation conversation.id service_tier include[] truncation background
    protocol  prompt_cache_key prompt_cache_retention safety_identifier tool_choice tool_choice.type tool_choice.name
    protocol  tool_choice.mode tool_choice.tools[].type tool_choice.tools[].name reasoning.effort reasoning.summary
    protocol  reasoning.context text.format.type text.format.name text.verbosity prompt.id prompt.version
    protocol  context_management[].type event_id item_id modalities[] voice
    grammar   client_metadata.** stop stop[]
    schema    text.format.schema
    protocol  input[].type input[].role input[].id input[].status input[].call_id input[].name input[].phase
    protocol  input[].namespace input[].execution input[].server_label input[].tool_name input[].approval_request_id
    protocol  input[].content[].type input[].content[].detail input[].content[].file_id input[].summary[].type
    protocol  input[].output[].type input[].output[].detail input[].output[].file_id input[].action.type
    protocol  input[].tools[].type input[].tools[].name input[].internal_chat_message_metadata_passthrough.**
    protocol  input[].tools[].format.type input[].tools[].format.syntax input[].tools[].tools[].name
    protocol  input[].tools[].tools[].type input[].tools[].strict input[].tools[].execution
    protocol  input[].content[].annotations[].type input[].content[].annotations[].file_id
    protocol  input[].content[].annotations[].container_id input[].action.sources[].type input[].action.button
    protocol  input[].results[].file_id input[].container_id input[].outputs[].type input[].operation.type
    protocol  input[].pending_safety_checks[].id input[].pending_safety_checks[].code
    protocol  input[].acknowledged_safety_checks[].id input[].acknowledged_safety_checks[].code
    protocol  input[].output[].outcome.type input[].output.type input[].output.file_id input[].connector_id
    text      input[].arguments.** input[].action.**
    schema    input[].tools[].parameters input[].tools[].tools[].parameters input[].tools[].output_schema
    schema    input[].tools[].input_schema
    grammar   input[].tools[].format.definition input[].tools[].tools[].format.definition
    protocol  item.type item.role item.id item.status item.call_id item.name item.content[].type
    protocol  tools[].type tools[].name tools[].strict tools[].server_label tools[].search_context_size
    protocol  tools[].format.type tools[].format.syntax tools[].container tools[].container.type tools[].execution
    protocol  tools[].container.file_ids[]
    protocol  tools[].tools[].type tools[].tools[].name tools[].function.name tools[].require_approval
    protocol  tools[].vector_store_ids[] tools[].tools[].strict tools[].allowed_tools[] tools[].output_format
    protocol  tools[].connector_id tools[].allowed_tools.tool_names[] tools[].require_approval.always.tool_names[]
    protocol  tools[].require_approval.never.tool_names[] tools[].filters.allowed_domains[]
    protocol  tools[].user_location.type tools[].user_location.country tools[].user_location.timezone
    protocol  tools[].container.file_ids[] tools[].size tools[].quality tools[].background tools[].moderation
    protocol  tools[].environment tools[].ranking_options.ranker
    schema    tools[].parameters tools[].function.parameters tools[].output_schema tools[].tools[].parameters
    schema    tools[].tools[].output_schema
    grammar   tools[].format.definition tools[].tools[].format.definition
    sealed    input[].encrypted_content input[].content[].encrypted_content input[].summary[].encrypted_content
"""
"""With what the Realtime API (`item`) and Codex (`client_metadata`, tools within namespaces) send."""

VOICES_OF_ITEMS: Final = {
    "reasoning": Role.ASSISTANT,
    "compaction": Role.ASSISTANT,
    "mcp_list_tools": Role.TOOL_DEFINITION,
    "mcp_approval_request": Role.TOOL_CALL,
}
"""Items that are no messages, and say so neither by `_call` nor by `_output`."""

SEALED: Final = ("encrypted_content",)
"""Members of an output item that come back unchanged."""


class OpenAIResponses(Format):
    """A list of items: messages, tool calls and their outputs."""

    id = "openai_responses"
    embedded = frozenset({"arguments"})
    members = Members(MEMBERS, roots=("", "response", "session"))

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        inner = isinstance(member(body, "response"), dict)  # `response.create` of the Realtime API
        return Conversation(body, ("response", "input") if inner else ("input",), BESIDE, _item_role).annotate(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        kind = text_member(message, "type")
        channel = DELTAS.get(kind)
        if channel is not None:
            return [Piece(("delta",), _key(kind, message), channel)] if isinstance(message.get("delta"), str) else ()
        if kind.endswith("arguments.done"):
            return _arguments(message, ())
        if kind.startswith("response.output_item."):
            item = member(message, "item")
            return [*_arguments(item, ("item",)), *_sealed(item, ("item",))]
        if isinstance(member(message, "response"), dict):  # the texts in it are whole, and were streamed already
            whole = (Channel.TOOL_CALL, Channel.SEALED)
            return [piece for piece in _output(message["response"], ("response",)) if piece.channel in whole]
        return _output(message, ())

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        kind = text_member(message, "type")
        if kind.endswith(".done") and kind.removesuffix("done") + "delta" in DELTAS:
            return [_key(kind.removesuffix("done") + "delta", message)]
        return None if kind in LAST_EVENTS else ()

    def text_part(self, path: Path, text: str) -> Part | None:
        return Part({"type": "input_text", "text": text}) if list_of(path) in ("content", "output") else None

    def refuse(self, notice: Notice) -> Answer:
        return openai_refusal(notice)

    def refuse_for_now(self, notice: Notice) -> Answer:
        """See `Format.refuse_for_now`."""
        return openai_busy(notice)

    def refuse_stream(self, request: Request, body: Any, notice: Notice) -> Answer | None:
        """For Codex, which prints an error's JSON source, twice, and of a failed response the sentence alone.

        Of an upgrade to a WebSocket that is refused it says nothing at all, but with status 426 it asks over POST.
        """
        if request.headers.get("upgrade", "").lower() == "websocket":
            # RFC 9110, 15.5.22: what is spoken in its place.
            refused = openai_refusal(notice)
            instead = {"upgrade": "HTTP/1.1", "connection": "upgrade"}
            return replace(refused, status=UPGRADE_REQUIRED, headers={**refused.headers, **instead})
        if not request.headers.get("originator", "").startswith("codex") or member(body, "stream") is not True:
            return None
        source = b"event: response.failed\ndata: " + orjson.dumps(_failed(notice)) + b"\n\n"
        return Answer(200, {"content-type": "text/event-stream", "cache-control": "no-store"}, source)

    def refuse_message(self, message: Any, notice: Notice) -> tuple[bytes, ...]:
        """A failed response, as a Responses WebSocket ends one; the Realtime API has an event for errors."""
        if text_member(message, "type") == "response.create" and "input" in message:
            return (orjson.dumps(_failed(notice)),)
        error = {"type": "invalid_request_error", "code": notice.code, "message": notice.text, "param": None}
        if text_member(message, "event_id"):
            error["event_id"] = message["event_id"]
        return (orjson.dumps({"type": "error", "event_id": notice.decision_id, "status": STATUS, "error": error}),)


def _failed(notice: Notice) -> dict[str, Any]:
    """The last event of a response that failed for its prompt."""
    error = {"code": "invalid_prompt", "message": notice.text}
    response = {"id": f"resp_{notice.decision_id}", "object": "response", "status": "failed", "error": error}
    return {"type": "response.failed", "sequence_number": 0, "response": response}


def _item_role(item: Any) -> Role:
    kind = text_member(item, "type")
    if kind.endswith("_output"):
        return Role.TOOL_RESULT
    if kind.endswith("_call"):
        return Role.TOOL_CALL
    if kind in VOICES_OF_ITEMS:
        return VOICES_OF_ITEMS[kind]
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
        found += _sealed(item, here)
        for name, channel in (("content", Channel.TEXT), ("summary", Channel.REASONING)):
            for index, part in enumerate(elements(member(item, name))):
                if isinstance(member(part, "text"), str):
                    found.append(Piece((*here, name, index, "text"), ("output", number, name, index), channel))
    return found


def _sealed(item: Any, path: Path) -> list[Piece]:
    return [
        Piece((*path, name), ("sealed", text_member(item, "id"), name), Channel.SEALED)
        for name in SEALED
        if text_member(item, name)
    ]


def _arguments(value: Any, path: Path) -> list[Piece]:
    """JSON source in an event or item that has it whole."""
    if not isinstance(member(value, "arguments"), str):
        return []
    item = text_member(value, "item_id") or text_member(value, "id") or text_member(value, "call_id")
    return [Piece((*path, "arguments"), ("whole", item), Channel.TOOL_CALL)]
