"""claude.ai in the browser. Not documented by Anthropic: the shapes are those its own pages send."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Notice, Path, Piece, Position, Role
from promptguard.wire.formats.anthropic_messages import closed_blocks, message_pieces
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import web_refusal
from promptguard.wire.formats.turns import ANNOTATIONS, member

ROLES: Final = {
    "attachments": Role.FILE,
    "custom_system_prompt": Role.SYSTEM,
    "file_name": Role.FILE,
    "files": Role.FILE,
    "model": Role.OTHER,
    "personalized_styles": Role.SYSTEM,
    "timezone": Role.OTHER,
    "tools": Role.TOOL_DEFINITION,
}
"""By member; other texts are the user's. The conversation so far is kept by the service and not sent again."""

_CONVERSATION = re.compile(r"/chat_conversations/([0-9A-Za-z-]{8,64})(?:/|$)")


class ClaudeWeb(Format):
    """The newest message as `prompt`, with text of attached files in `attachments[*].extracted_content`."""

    id = "claude_web"
    members = Members("""
        protocol  model timezone locale rendering_mode effort thinking_mode parent_message_uuid turn_message_uuids.**
        protocol  files[] sync_sources[] attachments[].file_type tools[].type tools[].name
        protocol  personalized_styles[].type personalized_styles[].key personalized_styles[].uuid
        protocol  personalized_styles[].nameKey
        protocol  create_conversation_params.model create_conversation_params.project_uuid uuid
        grammar   tool_states.**
        schema    tools[].input_schema
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        annotations = ANNOTATIONS[Position.NEW]
        return [
            annotations[ROLES.get(path[0], Role.USER)] if path and isinstance(path[0], str) else annotations[Role.USER]
            for path in paths
        ]

    def pieces(self, message: Any) -> Sequence[Piece]:
        if member(message, "type") == "completion" and isinstance(message.get("completion"), str):
            return [Piece(("completion",), "completion")]
        return message_pieces(message)

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        if member(message, "type") == "completion" and member(message, "stop_reason") and not message.get("completion"):
            return None
        return closed_blocks(message)

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)
