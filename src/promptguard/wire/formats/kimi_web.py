"""kimi.com in the browser: Connect (connectrpc.com/docs/protocol) with JSON in envelopes, both ways.

Not documented by Moonshot AI: the shapes its own pages send, from one public client. The notice ends the stream as an
error of Connect.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from promptguard.model import Answer, Channel, Notice, Path, Piece
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import refusal
from promptguard.wire.formats.turns import member, text_member

KINDS: Final = {"text": Channel.TEXT, "think": Channel.REASONING}
"""Members of a block that hold a text, with what it is for."""


class KimiWeb(Format):
    """`{"message": {"blocks": [{"text": {"content": …}}]}}`; answers set a block's text, and append to it."""

    id = "kimi_web"
    framing = "connect"
    members = Members(
        """
        protocol  scenario tools[].type message.role message.scenario message.blocks[].message_id
        """,
        roots=("", "[]"),
    )

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        kind = _kind(message)
        if kind not in KINDS or not isinstance(member(message, "block", kind, "content"), str):
            return ()
        return [Piece(("block", kind, "content"), kind, KINDS[kind])]

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        """A block of the other kind ends a text, and so does the message as soon as it is complete."""
        if text_member(message, "message", "status") == "MESSAGE_STATUS_COMPLETED":
            return None
        return [kind for kind in KINDS if kind != _kind(message)] if self.pieces(message) else ()

    def refuse(self, notice: Notice) -> Answer:
        """An error of a call without a stream."""
        return refusal({"code": "permission_denied", "message": notice.text})


def _kind(message: Any) -> str:
    """Which member of the block a message sets or appends to: the mask is `block.text` or `block.text.content`."""
    if text_member(message, "op") not in ("set", "append"):
        return ""
    return text_member(message, "mask").removeprefix("block.").removesuffix(".content")
