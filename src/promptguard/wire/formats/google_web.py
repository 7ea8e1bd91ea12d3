"""Google's own web apps, Gemini and NotebookLM: forms whose `f.req` is JSON with JSON in it; `wrb.fr` answers.

Not documented by Google: the shapes are those its own pages send. Of each `f.req`, some elements are tokens of the page
for the service; the prompt stands among them by position alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

import orjson

from promptguard.model import Answer, Channel, Notice, Path, Piece, Request
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import web_refusal
from promptguard.wire.formats.turns import elements, member

ENVELOPE: Final = "wrb.fr"
GUARD: Final = b")]}'\n\n"
"""Before every answer: makes it no script."""

_QUERY: Final = r"""
    sealed    <-?\d{5,24}> f\.sid
    sealed    <[\w.:-]{1,120}> bl _reqid rt rpcids source-path authuser hl soc-app soc-platform soc-device pageId
    protocol  source-path
"""
_TOKENS: Final = r"""
    sealed    <[\w-]{10,200}:\d{10,16}> at
    protocol  f\.req[0][][0] f\.req[0][][3]
"""


class GoogleWeb(Format):
    """Gemini's StreamGenerate, NotebookLM's GenerateFreeFormStreamed, and batchexecute of both."""

    id = "google_web"
    embedded = frozenset({"f.req"})
    members = Members(
        _TOKENS
        + r"""
        sealed    <![\w-]{40,12000}> f\.req[1][3]
        sealed    <[0-9a-f]{32}> f\.req[1][4]
        sealed    <[0-9a-fA-F-]{36}> f\.req[1][59]
        sealed    <(?:c|r|rc)_[0-9a-f]{8,40}> f\.req[1][2][]
        """
    )
    query = Members(_QUERY)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        """The JSON source that each envelope carries: whole, since the text in it is always all of the text so far."""
        return [
            Piece((index, 2), (ENVELOPE, index), Channel.TOOL_CALL)
            for index, envelope in enumerate(elements(message))
            if member(envelope, 0) == ENVELOPE and isinstance(member(envelope, 2), str)
        ]

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        return [piece.key for piece in self.pieces(message)]

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)

    def refuse_stream(self, request: Request, body: Any, notice: Notice) -> Answer | None:
        """An answer of its own: errors of this protocol are numbers, for which the page has its own sentences."""
        id = notice.decision_id
        inner: list[Any]
        if request.path.endswith("/StreamGenerate"):
            inner = [None, [f"c_{id}", f"r_{id}"], None, None, [[f"rc_{id}", [notice.text]]]]
        elif request.path.endswith("/GenerateFreeFormStreamed"):
            inner = [[notice.text, None, [id, id, 0], None, [None, None, None, None, 1]]]
        else:
            return None
        frame = orjson.dumps([[ENVELOPE, None, orjson.dumps(inner).decode()]])
        source = b"\n" + frame + b"\n"
        length = len(source.decode().encode("utf-16-le")) // 2
        headers = {"content-type": "application/json; charset=utf-8", "cache-control": "no-store"}
        return Answer(200, headers, GUARD + str(length).encode() + source)
