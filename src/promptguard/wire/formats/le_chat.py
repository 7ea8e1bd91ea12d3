"""chat.mistral.ai in the browser: a new chat by tRPC (trpc.io), turns by a call of its own.

Not documented by Mistral: the shapes that its own pages send, from older clients only. How the page shows an error is
not sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from promptguard.model import Answer, Notice, Path, Request
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import STATUS, refusal, web_refusal

BAD_REQUEST = -32600
"""tRPC's number of the error, that of JSON-RPC 2.0."""


class LeChat(Format):
    """`{"0": {"json": {"content": …}}}`, then `{"messageInput": …}`; answers as lines `0:"text"` and `1:{…}`."""

    id = "le_chat"
    members = Members("""
        protocol  chatId model messageId mode *.json.chatId *.json.content[].type *.meta.values.**
        protocol  messageInput[].type
    """)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation()] * len(paths)

    def refuse(self, notice: Notice) -> Answer:
        return web_refusal(notice)

    def refuse_stream(self, request: Request, body: Any, notice: Notice) -> Answer | None:
        """A line of text where an answer is expected, and an error of tRPC, one for each call of a batch, elsewhere."""
        path = request.path.lower().rstrip("/")
        if path.endswith("/api/chat"):
            headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
            return Answer(200, headers, b"0:" + orjson.dumps(notice.text) + b"\n")
        return _trpc_refusal(notice, body) if "/api/trpc/" in path else None


def _trpc_refusal(notice: Notice, body: Any) -> Answer:
    data = {"code": "BAD_REQUEST", "httpStatus": STATUS}
    error = {"error": {"json": {"message": notice.text, "code": BAD_REQUEST, "data": data}}}
    calls = [error] * (len(body) if isinstance(body, dict) else 1)
    answer = refusal(error)
    return Answer(answer.status, answer.headers, orjson.dumps(calls))
