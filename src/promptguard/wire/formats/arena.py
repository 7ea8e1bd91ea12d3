"""arena.ai: evaluations streamed as lines of AI SDK's data protocol. Not documented: the shapes its own pages send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from promptguard.model import Answer, Notice, Path
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import web_refusal
from promptguard.wire.formats.turns import Conversation


class Arena(Format):
    """`{"id": …, "userMessage": {"content": …}, "recaptchaV3Token": …}`; answers as lines `a0:"text"`."""

    id = "arena"
    members = Members(
        r"""
        protocol  id mode modelAId modelBId modality userMessageId modelAMessageId modelBMessageId userMessage.id
        protocol  userMessage.role messages[].id messages[].role messages[].evaluationSessionId messages[].status
        protocol  messages[].parentMessageIds[] messages[].participantPosition messages[].modelId evaluationSessionId
        sealed    <[\w-]{40,8000}> recaptchaV3Token recaptchaV2Token
        """
    )

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return Conversation(body, ("messages",), {}).annotate(paths)

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)
