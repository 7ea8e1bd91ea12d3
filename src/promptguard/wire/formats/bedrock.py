"""Amazon Bedrock's runtime API: Converse (docs.aws.amazon.com/bedrock/latest/APIReference), and InvokeModel.

A body that is bound to a signature (SigV4) is never rewritten; with an API key (`Authorization: Bearer`) it may be.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Nested, Notice, Path, Piece, Role
from promptguard.wire.formats.anthropic_messages import MEMBERS, closed_blocks, message_pieces
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import busy, refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, elements, member, text_member
from promptguard.wire.parts import Part, text_part

BESIDE: Final = {
    **SETTINGS,
    "requestMetadata": Role.OTHER,
    "system": Role.SYSTEM,
    "toolConfig": Role.TOOL_DEFINITION,
    "tools": Role.TOOL_DEFINITION,
}


def _delta_pieces(delta: Any, number: int) -> list[Piece]:
    found = []
    if isinstance(member(delta, "text"), str):
        found.append(Piece(("delta", "text"), ("block", number)))
    if isinstance(member(delta, "toolUse", "input"), str):
        found.append(Piece(("delta", "toolUse", "input"), ("block", number), Channel.TOOL_CALL))
    for name in ("text", "signature", "redactedContent"):
        if text_member(delta, "reasoningContent", name):
            found.append(Piece(("delta", "reasoningContent", name), ("sealed", number, name), Channel.SEALED))
    return found


class Bedrock(Format):
    """Messages with content blocks; InvokeModel has the body of the model's vendor, mostly of the same shape."""

    id = "bedrock"
    members = Members(
        MEMBERS
        + """
        protocol  modelId messages[].content[].toolUse.name messages[].content[].toolUse.toolUseId
        protocol  messages[].content[].toolResult.toolUseId messages[].content[].toolResult.status
        protocol  messages[].content[].toolResult.content[].type messages[].content[].image.format
        protocol  messages[].content[].document.format messages[].content[].cachePoint.type system[].cachePoint.type
        protocol  toolConfig.tools[].toolSpec.name toolConfig.tools[].cachePoint.type toolConfig.toolChoice.tool.name
        protocol  guardrailConfig.guardrailIdentifier guardrailConfig.guardrailVersion guardrailConfig.trace
        protocol  performanceConfig.latency serviceTier.type
        protocol  inferenceConfig.maxTokens
        grammar   inferenceConfig.stopSequences[] additionalModelResponseFieldPaths[]
        schema    toolConfig.tools[].toolSpec.inputSchema
        text      messages[].content[].toolUse.input.** messages[].content[].toolResult.content[].json.**
        sealed    messages[].content[].reasoningContent.reasoningText.signature
        sealed    messages[].content[].reasoningContent.reasoningText.text
        sealed    messages[].content[].reasoningContent.redactedContent
    """
    )

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return Conversation(body, ("messages",), BESIDE).annotate(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        """Of Converse and its stream, and of the Messages API's shape."""
        delta = member(message, "delta")
        number = member(message, "contentBlockIndex")
        if isinstance(number, int):
            return _delta_pieces(delta, number)
        content = elements(member(message, "output", "message", "content"))
        return [
            Piece(("output", "message", "content", index, "text"), ("block", index))
            for index, block in enumerate(content)
            if isinstance(member(block, "text"), str)
        ] or message_pieces(message)

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        if isinstance(member(message, "stopReason"), str):
            return None
        number = member(message, "contentBlockIndex")
        if isinstance(number, int) and "delta" not in message and "start" not in message:
            return [("block", number), *(("sealed", number, name) for name in ("text", "signature", "redactedContent"))]
        return closed_blocks(message)

    def nested(self, message: Any) -> Sequence[Nested]:
        """Chunks of InvokeModelWithResponseStream: each is an event of the model's vendor."""
        if not text_member(message, "bytes"):
            return ()
        return [Nested(("bytes",), "websocket_message", "chunks", whole=True, base64=True)]

    def text_part(self, path: Path, text: str) -> Part | None:
        return text_part(path, text)

    def refuse(self, notice: Notice) -> Answer:
        return refusal({"message": notice.text}, x_amzn_errortype="ValidationException")

    def refuse_for_now(self, notice: Notice) -> Answer:
        """`ServiceUnavailableException` (docs.aws.amazon.com/bedrock, Converse, errors)."""
        return busy({"message": notice.text}, notice, headers={"x-amzn-errortype": "ServiceUnavailableException"})
