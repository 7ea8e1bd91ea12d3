"""chat.qwen.ai in the browser, version 2 of its interface. Not documented by Alibaba: the shapes its own pages send."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import refusal
from promptguard.wire.formats.turns import SETTINGS, Conversation, elements, member

THINKING: Final = ("think", "thinking_summary")
PHASES: Final = (*THINKING, "answer", "")
"""The phases of an answer, each a text; an answer of none has the last one."""


class QwenWeb(Format):
    """OpenAI's messages with ids of a tree of turns; answers as its chunks with a `phase` in each."""

    id = "qwen_web"
    members = Members("""
        protocol  chat_id chat_mode model parent_id models[] chat_type
        protocol  messages[].fid messages[].id messages[].parentId messages[].parent_id messages[].childrenIds[]
        protocol  messages[].role messages[].user_action messages[].models[] messages[].chat_type
        protocol  timestamp messages[].timestamp messages[].sub_chat_type messages[].feature_config.**
        protocol  messages[].content[].type
    """)
    query = Members("""
        protocol  chat_id
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return Conversation(body, ("messages",), SETTINGS).annotate(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        return [
            Piece(
                ("choices", index, "delta", "content"),
                (index, phase),
                Channel.REASONING if phase in THINKING else Channel.TEXT,
            )
            for index, choice in enumerate(elements(member(message, "choices")))
            if _says(choice)
            for phase in [_phase(choice)]
        ]

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        choices = elements(member(message, "choices"))
        if any(member(choice, "finish_reason") for choice in choices):
            return None
        here = [(index, _phase(choice)) for index, choice in enumerate(choices) if _says(choice)]
        return [(index, phase) for index, said in here for phase in PHASES if phase != said]

    def refuse(self, notice: Notice) -> Answer:
        """Its own error. A sentence in `details` is sure from older clients only."""
        return refusal({"success": False, "data": {"code": notice.code, "details": notice.text}})


def _says(choice: Any) -> bool:
    return isinstance(member(choice, "delta", "content"), str)


def _phase(choice: Any) -> str:
    phase = member(choice, "delta", "phase")
    return phase if phase in PHASES else ""
