"""huggingface.co/chat (github.com/huggingface/chat-ui): forms with a field of JSON; answers as lines of JSON.

Tokens are padded with U+0000 to 16 characters. An error is SvelteKit's (svelte.dev/docs/kit/errors).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import refusal
from promptguard.wire.formats.turns import text_member

CHANNELS: Final = {"stream": Channel.TEXT, "reasoning": Channel.REASONING}
"""Types of messages that carry a piece of a text, with what it is for."""


class HuggingChat(Format):
    """The newest message as `inputs` in the field `data`, and files beside it."""

    id = "hugging_chat"
    embedded = frozenset({"data"})
    members = Members("""
        protocol  data.id data.tools[] data.files[].type data.files[].mime model
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        kind = text_member(message, "type")
        channel = CHANNELS.get(kind)
        if channel is None or not isinstance(message.get("token"), str):
            return ()
        return [Piece(("token",), kind, channel)]

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        match text_member(message, "type"):
            case "finalAnswer":
                return None
            case "stream":
                return ["reasoning"]
        return ()

    def refuse(self, notice: Notice) -> Answer:
        return refusal({"message": notice.text})
