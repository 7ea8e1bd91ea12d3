"""chatgpt.com in the browser. Not documented by OpenAI: the shapes are those its own pages send."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Nested, Notice, Path, Piece, Request, Role
from promptguard.wire import json_text
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import web_refusal
from promptguard.wire.formats.turns import Conversation, elements, member, text_member, voice

BESIDE: Final = {
    "action": Role.OTHER,
    "client_contextual_info": Role.OTHER,
    "file_name": Role.FILE,
    "model": Role.OTHER,
    "system_hints": Role.OTHER,
    "timezone": Role.OTHER,
    "use_case": Role.OTHER,
}
"""Beside the messages; `input_text`, what stands in the box before it is sent, is the user's as any other member."""

DRAFTS: Final = ("/conversation/prepare", "/generate_autocompletions")
"""How the paths end at which its pages tell what stands in the box: while somebody types, and before it is sent."""

TEXT: Final = "text"
"""The key of the one text that an answer streams at a time: patches that name no path go on where the last one was."""


class ChatGPTWeb(Format):
    """Messages with an author; answers as patches to a message (`event: delta_encoding`, version `v1`)."""

    id = "chatgpt_web"
    members = Members("""
        protocol  action model timezone parent_message_id conversation_id conversation_origin system_hints[] use_case
        protocol  conversation_mode.kind supported_encodings[] websocket_request_id client_prepare_state fork_from
        protocol  thinking_effort client_contextual_info.** conversation_mode.gizmo_id paragen_cot_summary_display
        protocol  paragen_cot_summary_display_override force_parallel_switch messages[].create_time
        protocol  messages[].id messages[].author.role messages[].content.content_type messages[].status
        protocol  messages[].recipient messages[].channel messages[].metadata.attachments[].id
        protocol  messages[].metadata.attachments[].mime_type messages[].metadata.parent_id
        protocol  messages[].content.parts[].content_type messages[].content.parts[].asset_pointer
        protocol  partial_query.id partial_query.author.role partial_query.content.content_type
        protocol  client_reported_search_source
        sealed    <gAAAAA[\\w=.-]{20,8000}> **.token
        sealed    <ey[\\w-]{5,2000}\\.[\\w-]{5,4000}\\.[\\w-]{5,2000}> conduit_token resume_token token
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return Conversation(body, ("messages",), BESIDE, _author_role).annotate(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        if not isinstance(message, dict) or "v" not in message:
            return ()
        value = message["v"]
        if isinstance(value, str):
            return [Piece(("v",), TEXT)] if _appends(message) else ()
        if isinstance(value, list):  # several patches at once
            return [
                Piece(("v", index, "v"), TEXT)
                for index, patch in enumerate(value)
                if isinstance(member(patch, "v"), str) and "p" in patch and _appends(patch)
            ]
        parts = elements(member(value, "message", "content", "parts"))
        if member(value, "message", "author", "role") != "assistant":
            return ()
        return [
            Piece(("v", "message", "content", "parts", index), TEXT)
            for index, part in enumerate(parts)
            if part and isinstance(part, str)
        ]

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        if not isinstance(message, dict):
            return ()
        if "v" not in message:  # such as `message_stream_complete`
            return None if message.get("type") == "message_stream_complete" else ()
        value = message["v"]
        if isinstance(value, dict):  # another message is added; its text may go on if it has begun
            return () if self.pieces(message) else None
        if isinstance(value, list):
            finished = any(member(patch, "p") == "/message/status" for patch in value)
            return None if finished or not self.pieces(message) else ()
        return () if _appends(message) else None

    def nested(self, message: Any) -> Sequence[Nested]:
        """Pieces of the stream that goes on over `wss://ws.chatgpt.com`; some are sent again after a reconnection."""
        found = [path for path, _ in json_text.strings(message) if path and path[-1] == "encoded_item"]
        return [
            Nested(path, "sse", _nearest(message, path, "topic_id"), _nearest(message, path, "stream_item_id") or None)
            for path in found
        ]

    def is_draft(self, request: Request) -> bool:
        return request.path.rstrip("/").lower().endswith(DRAFTS)

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)


def _appends(patch: Any) -> bool:
    """Whether a patch goes on with a text; one of nothing but a value goes on with the last one."""
    if "p" not in patch and "o" not in patch:
        return True
    return patch.get("o") == "append" or ("o" not in patch and "/parts/" in text_member(patch, "p"))


def _nearest(message: Any, path: Path, name: str) -> str:
    """The member of a name in the innermost object around a path that has one."""
    found = ""
    for step in path:
        found = text_member(message, name) or found
        message = message[step]
    return found


def _author_role(message: Any) -> Role:
    return voice(member(message, "author", "role"))
