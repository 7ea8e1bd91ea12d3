"""Services whose wire format nobody has described: every text is the user's, unless the body says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from promptguard.model import Answer, Notice, Path, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import web_refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, elements, member, text_member
from promptguard.wire.parts import Part, text_part

BESIDE = {**SETTINGS, "system": Role.SYSTEM, "tools": Role.TOOL_DEFINITION, "functions": Role.TOOL_DEFINITION}


class Generic(Format):
    """Any JSON, form, multipart or plain text.

    Bodies with a list of `messages` that name their `role` are read as conversations: half of all services copy
    OpenAI's shape.
    """

    id = "generic"
    embedded = frozenset({"arguments", "body", "data", "f.req", "input", "params", "payload", "variables"})
    members = Members(
        """
        protocol  **.role **.type **.tool_call_id **.call_id **.tool_use_id **.toolCallId **.mime_type **.mimeType
        protocol  **.media_type **.finish_reason model jsonrpc method params.name operationName
        protocol  messages[].author messages[].id messages[].tool_calls[].function.name tools[].function.name
        protocol  tools[].name functions[].name
        schema    tools[].function.parameters tools[].input_schema tools[].inputSchema tools[].parameters
        schema    functions[].parameters
        protocol  params.message.kind params.message.messageId params.message.contextId params.message.taskId
        protocol  params.message.parts[].kind
        text      params.arguments.** messages[].tool_calls[].function.arguments.**
    """,
        roots=("", "[]"),
    )

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        messages = elements(member(body, "messages"))
        if any(text_member(message, "role") for message in messages):
            return Conversation(body, ("messages",), BESIDE).annotate(paths)
        return [_USER] * len(paths)

    def text_part(self, path: Path, text: str) -> Part | None:
        return text_part(path, text)

    def refuse(self, notice: Notice) -> Answer:
        """With `message`, where AWS, DeepL, Gamma, Cartesia, Zed and others say it."""
        answer = web_refusal(notice)
        return replace(answer, body=orjson.dumps({**orjson.loads(answer.body), "message": notice.text}))


_USER = Annotation()
