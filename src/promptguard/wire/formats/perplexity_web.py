"""perplexity.ai in the browser. Not documented by Perplexity: the shapes that its own pages send, as public clients do.

Answers are patches (RFC 6902) to blocks; the same text may come in two blocks. What ends a stream is sure from one
capture only, and the members of an error from older ones, so the notice is an answer in its own stream.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Final

from promptguard.model import Answer, Notice, Path, Piece, Request
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import event_stream, web_refusal
from promptguard.wire.formats.turns import elements, member, text_member

BLOCK: Final = "markdown_block"
"""The kind of block that holds the answer."""


class PerplexityWeb(Format):
    """`{"query_str": …, "params": {"dsl_query": …}}`, the same text twice; a thread is kept by the service."""

    id = "perplexity_web"
    members = Members(
        r"""
        protocol  params.language params.timezone params.search_focus params.sources[] params.search_recency_filter
        protocol  params.frontend_uuid params.frontend_context_uuid params.mode params.model_preference
        protocol  params.visitor_id params.user_nextauth_id params.prompt_source params.query_source
        protocol  params.followup_source params.supported_block_use_cases[] params.supported_features[] params.version
        protocol  params.source params.client_search_results_cache_key params.rum_session_id params.last_backend_uuid
        sealed    <[\w-]{16,200}> params.read_write_token
        """
    )

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def pieces(self, message: Any) -> Sequence[Piece]:
        return [
            piece for number, block in enumerate(elements(member(message, "blocks"))) for piece in _of(number, block)
        ]

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        if member(message, "final") is True or member(message, "status") == "COMPLETED":
            return None
        return [piece.key for piece in self.pieces(message) if BLOCK in piece.path]

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)

    def refuse_stream(self, request: Request, body: Any, notice: Notice) -> Answer | None:
        """A finished answer. It names the last answer of the thread, if there is one, so that the thread goes on."""
        if not request.path.lower().rstrip("/").endswith("/perplexity_ask"):
            return None
        markdown = {"progress": "DONE", "chunks": [notice.text], "answer": notice.text}
        said: dict[str, Any] = {
            "status": "COMPLETED",
            "final": True,
            "text": notice.text,
            "blocks": [{"intended_usage": "ask_text", BLOCK: markdown}],
        }
        if last := text_member(body, "params", "last_backend_uuid"):
            said["backend_uuid"] = last
        return event_stream(said, event="message")


def _of(number: int, block: Any) -> Iterator[Piece]:
    """The pieces of one block: chunks that patches add, and all chunks of a block that comes whole."""
    usage = text_member(block, "intended_usage")
    yield from _chunks(("blocks", number, BLOCK), member(block, BLOCK), (usage, "whole"))
    if text_member(block, "diff_block", "field") != BLOCK:
        return
    for index, patch in enumerate(elements(member(block, "diff_block", "patches"))):
        path = ("blocks", number, "diff_block", "patches", index, "value")
        value = member(patch, "value")
        if isinstance(value, str) and text_member(patch, "path").startswith("/chunks/"):
            yield Piece(path, usage)
        elif text_member(patch, "path") == "":
            yield from _chunks(path, value, usage)


def _chunks(path: Path, value: Any, key: Hashable) -> Iterator[Piece]:
    for index, chunk in enumerate(elements(member(value, "chunks"))):
        if isinstance(chunk, str):
            yield Piece((*path, "chunks", index), key)
