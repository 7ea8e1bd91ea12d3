"""pi.ai in the browser. Not documented by Inflection: the shapes its own pages send, from older clients only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from promptguard.model import Answer, Notice, Path, Piece
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import web_refusal
from promptguard.wire.formats.turns import member

_PIECE = Piece(("text",), "text")


class PiChat(Format):
    """The newest message as `text`; answers as events with a piece of `text` each. How it shows errors is not known."""

    id = "pi_chat"
    members = Members("""
        protocol  conversation mode
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        return [_PIECE] if isinstance(member(message, "text"), str) else ()

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)
