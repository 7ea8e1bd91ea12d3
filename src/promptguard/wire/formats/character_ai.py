"""character.ai: JSON over WebSocket. Not documented: the shapes its own pages send, from older clients only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from promptguard.model import Answer, Notice, Path
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import web_refusal
from promptguard.wire.formats.turns import member


class CharacterAi(Format):
    """`{"command": …, "payload": {"turn": {"candidates": [{"raw_content": …}]}}}`; answers repeat all so far.

    Such texts are known by themselves when an answer is restored: there are no pieces to name.
    """

    id = "character_ai"
    members = Members("""
        protocol  command request_id payload.character_id payload.turn.turn_key.** payload.turn.author.author_id
        protocol  payload.turn.candidates[].candidate_id payload.turn.candidates[].tti_image_rel_path
        protocol  payload.turn.primary_candidate_id payload.chat.chat_id payload.chat.creator_id
        protocol  payload.chat.visibility payload.chat.character_id payload.chat.type
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)

    def refuse_message(self, message: Any, notice: Notice) -> tuple[bytes, ...]:
        """The service's own error, for the request that it answers."""
        error: dict[str, Any] = {"command": "neo_error", "comment": notice.text}
        asked = member(message, "request_id")
        return (orjson.dumps({**error, "request_id": asked} if isinstance(asked, str) else error),)
