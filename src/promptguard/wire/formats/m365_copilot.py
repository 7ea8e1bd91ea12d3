"""Microsoft 365 Copilot: SignalR's JSON hub protocol over WebSocket (github.com/dotnet/aspnetcore, HubProtocol.md).

Not documented by Microsoft: the shapes are those its own pages send. Each record ends with U+001E; several may come in
one message, and have to leave in one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import orjson

from promptguard.model import Answer, Channel, Notice, Path, Piece, Position, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import web_refusal
from promptguard.wire.formats.turns import ANNOTATIONS, elements, member, text_member

RECORD_END = b"\x1e"

UPDATE, COMPLETION, END = 1, 2, 3
"""Types of records: an invocation of the client's `update`, an item of a stream, the end of it."""

_KEY = "<[0-9a-fA-F]{32}|[0-9a-fA-F-]{36}>"


class M365Copilot(Format):
    """Invocations of `chat` with a message; answers as updates that add to a text, and as whole messages."""

    id = "m365_copilot"
    framing = "signalr"
    members = Members(
        """
        protocol  type target invocationId protocol version streamIds[] error headers.**
        protocol  arguments[].source arguments[].optionsSets[] arguments[].allowedMessageTypes[] arguments[].sliceIds[]
        protocol  arguments[].traceId arguments[].requestId arguments[].conversationId arguments[].sessionId
        protocol  arguments[].clientCorrelationId arguments[].participant.id arguments[].tone arguments[].verbosity
        protocol  arguments[].spokenTextMode arguments[].scenario arguments[].plugins[].id arguments[].plugins[].source
        protocol  arguments[].message.author arguments[].message.messageType arguments[].message.inputMethod
        protocol  arguments[].message.locale arguments[].message.market arguments[].message.region
        protocol  arguments[].message.requestId arguments[].message.messageId arguments[].message.timestamp
        protocol  arguments[].message.experienceType arguments[].message.entityAnnotationTypes[]
        grammar   arguments[].clientInfo.** arguments[].threadLevelGptId.** arguments[].options.** arguments[].extra.**
        grammar   arguments[].message.locationInfo.** arguments[].Metrics.**
        """,
        roots=("", "[]"),
    )
    query = Members(
        f"""
        sealed    {_KEY} XRoutingParameterSessionKey chatsessionid clientrequestid X-SessionId ConversationId
        sealed    <.+> access_token
        grammar   variants source product agentHost scenario licenseType agent isStubRequest X-variants
        """
    )

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        annotations = ANNOTATIONS[Position.NEW]
        return [annotations[Role.USER if "message" in path else Role.OTHER] for path in paths]

    def pieces(self, message: Any) -> Sequence[Piece]:
        if member(message, "type") != UPDATE or text_member(message, "target") != "update":
            return ()
        arguments = elements(member(message, "arguments"))
        return [
            Piece(("arguments", index, "writeAtCursor"), "text", Channel.TEXT)
            for index, argument in enumerate(arguments)
            if isinstance(member(argument, "writeAtCursor"), str)
        ]

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        return None if member(message, "type") in (COMPLETION, END) else ()

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)

    def refuse_message(self, message: Any, notice: Notice) -> tuple[bytes, ...]:
        """A message of the bot, and the end of the invocation: in one WebSocket message, as the service sends them."""
        records = message if isinstance(message, list) else [message]
        invocation = next((text_member(each, "invocationId") for each in records if member(each, "invocationId")), "0")
        said = {
            "text": notice.text,
            "author": "bot",
            "messageId": notice.decision_id,
            "contentOrigin": "PromptGuard",
            "adaptiveCards": [
                {
                    "type": "AdaptiveCard",
                    "version": "1.0",
                    "body": [{"type": "TextBlock", "text": notice.text, "wrap": True}],
                }
            ],
        }
        answer = (
            {"type": UPDATE, "target": "update", "arguments": [{"messages": [said], "requestId": invocation}]},
            {"type": END, "invocationId": invocation},
        )
        return (b"".join(orjson.dumps(record) + RECORD_END for record in answer),)
