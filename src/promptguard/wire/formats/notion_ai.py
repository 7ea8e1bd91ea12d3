"""Notion AI in the browser. Not documented by Notion: the shapes its own pages send, from older clients only.

Answers are lines of patches whose members are not sure, so no piece of them is named here: what goes on in them is told
as in any unknown answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from promptguard.model import Answer, Notice, Path
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import web_refusal


class NotionAi(Format):
    """A transcript whose steps have a type and a value: of a person, rich text as lists of runs (`[["text"]]`)."""

    id = "notion_ai"
    members = Members("""
        protocol  traceId spaceId threadId threadType transcript[].id transcript[].type transcript[].userId
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)
