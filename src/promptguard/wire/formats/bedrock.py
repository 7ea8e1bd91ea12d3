"""Amazon Bedrock's runtime API: Converse (docs.aws.amazon.com/bedrock/latest/APIReference), and InvokeModel.

Bodies are bound to a signature (SigV4), so they are never rewritten, and answers hold nothing to put back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from promptguard.model import Answer, Notice, Path, Request, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.refusals import refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation

BESIDE: Final = {
    **SETTINGS,
    "system": Role.SYSTEM,
    "toolConfig": Role.TOOL_DEFINITION,
    "tools": Role.TOOL_DEFINITION,
}


class Bedrock(Format):
    """Messages with content blocks; InvokeModel has the body of the model's vendor, mostly of the same shape."""

    id = "bedrock"

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return Conversation(body, ("messages",), BESIDE).annotate(paths)

    def streaming(self, request: Request, body: Any) -> bool:
        return request.path.endswith("-stream")

    def refuse(self, notice: Notice, *, streaming: bool) -> Answer:
        return refusal({"message": notice.text}, x_amzn_errortype="ValidationException")
