"""JSON-RPC 2.0 (jsonrpc.org/specification), in which MCP and A2A speak: known by its shape wherever it stands.

A caller waits for the id that it sent: an error without it would be no answer, and the call would hang.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from promptguard.errors import Unreadable
from promptguard.model import Answer, Notice, Request
from promptguard.wire.documents import json_source
from promptguard.wire.documents.json_source import Number

CODE: Final = -32050
"""Of the range for servers' own errors; neither MCP (-32000 to -32002, -32042) nor A2A (-32001 to -32009) has it."""

MAX_CALLS: Final = 1_000
"""Calls of a batch that are answered one by one."""

_SESSION_PARAMETERS: Final = ("sessionId=", "session_id=")
"""In the query of MCP's older transport (2024-11-05, HTTP with SSE), which answers on another connection: on this one,
clients look at nothing but the status."""


def refuse_call(request: Request, body: Any, notice: Notice) -> Answer | None:
    """The notice as the answer to each call of a request; None where the body is no JSON-RPC.

    What asks for no answer, notifications and answers to the server's own calls, gets HTTP 400 as MCP says
    (modelcontextprotocol.io, Streamable HTTP).
    """
    errors = call_errors(body, notice)
    if errors is None:
        return None
    accepts = request.headers.get("accept", "").lower()
    asked = [error for error in errors if error["id"] is not None]
    if not asked or any(name in request.query for name in _SESSION_PARAMETERS):
        return _answer(400, "application/json", _source(body, errors))
    if "text/event-stream" in accepts and not any(kind in accepts for kind in ("application/json", "*/*")):
        return _answer(200, "text/event-stream; charset=utf-8", _events(asked))
    return _answer(200, "application/json", _source(body, asked))


def refuse_frames(body: Any, notice: Notice) -> tuple[bytes, ...] | None:
    """The same as messages of a WebSocket."""
    errors = call_errors(body, notice)
    return None if errors is None else (_source(body, errors),)


def errors_as_events(answer: Answer) -> bytes:
    """The errors of a refusal as events of a stream; empty where it has none that a caller waits for."""
    if answer.headers.get("content-type", "").startswith("text/event-stream"):
        return answer.body
    try:
        body = json_source.parse(answer.body)
    except Unreadable:
        return b""
    errors = body if isinstance(body, list) else [body]
    return _events(error for error in errors if _is_message(error) and "error" in error and _id(error) is not None)


def call_errors(body: Any, notice: Notice) -> Sequence[Mapping[str, Any]] | None:
    """An error for each call of a body, and one with the id null where it has none; None where it is no JSON-RPC."""
    messages = body if isinstance(body, list) else [body]
    if not messages or not all(map(_is_message, messages)):
        return None
    ids: list[str | int | float | Number | None] = [
        id for message in messages[:MAX_CALLS] if "method" in message and (id := _id(message)) is not None
    ]
    error = {"code": CODE, "message": notice.text, "data": {"code": notice.code, "title": notice.title}}
    return [{"jsonrpc": "2.0", "id": id, "error": error} for id in ids or (None,)]


def _is_message(value: Any) -> bool:
    if not isinstance(value, Mapping) or value.get("jsonrpc") != "2.0":
        return False
    return isinstance(value.get("method"), str) or "result" in value or "error" in value


def _id(message: Mapping[str, Any]) -> str | int | float | Number | None:
    """As it was sent, digit by digit: callers compare it with their own."""
    id = message.get("id")
    if isinstance(id, Number):
        return id if id.literal not in _NO_NUMBERS else None
    return id if isinstance(id, str | int | float) and not isinstance(id, bool) else None


_NO_NUMBERS: Final = ("NaN", "Infinity", "-Infinity")
"""That Python takes for numbers in JSON."""


def _source(body: Any, errors: Sequence[Mapping[str, Any]]) -> bytes:
    """A batch is answered with a batch."""
    return json_source.write(list(errors) if isinstance(body, list) else errors[0])


def _events(errors: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(b"event: message\ndata: " + json_source.write(error) + b"\n\n" for error in errors)


def _answer(status: int, content_type: str, body: bytes) -> Answer:
    headers = {"content-type": content_type, "cache-control": "no-store", "x-should-retry": "false"}
    return Answer(status, headers, body)
