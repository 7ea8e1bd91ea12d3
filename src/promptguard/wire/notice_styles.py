"""In which style a request is answered with a notice: the transport's own where it has one, else the wire format's.

gRPC, Connect, GraphQL and JSON-RPC have errors of their own whatever the service: another one would show as a broken
connection there, or as none.
"""

from __future__ import annotations

import base64
from typing import Any, Final
from urllib.parse import quote

import orjson

from promptguard.model import Answer, Notice, Request
from promptguard.wire.formats.interface import Format, field_names
from promptguard.wire.formats.refusals import refusal
from promptguard.wire.json_rpc import refuse_call, refuse_frames

PERMISSION_DENIED: Final = 7
"""gRPC's status code (grpc.github.io/grpc/core/md_doc_statuscodes.html)."""

CONNECT_CODE: Final = "permission_denied"
"""Connect's code (connectrpc.com/docs/protocol), which clients go by whatever the status. A call of one message each
way has the header `Connect-Protocol-Version`, and its error is a JSON object."""


def refuse(wire_format: Format, request: Request, body: Any, notice: Notice) -> Answer:
    """The notice in the style that the sender of a request shows: by protocol first, then by format."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type.startswith("application/grpc"):
        return grpc_refusal(notice, media_type)
    if media_type.startswith("application/connect+"):
        return connect_refusal(notice, media_type)
    if is_connect(request, media_type):
        return refusal({"code": CONNECT_CODE, "message": notice.text})
    if is_graphql(request, body):
        return refusal({"errors": [{"message": notice.text, "extensions": {"code": notice.code}}]})
    called = refuse_call(request, body, notice)
    if called is None and notice.retry_after and (answer := wire_format.refuse_for_now(notice)):
        return answer
    return called or wire_format.refuse_stream(request, body, notice) or wire_format.refuse(notice)


def is_connect(request: Request, media_type: str) -> bool:
    """Whether a request is a call of Connect for one message (connectrpc.com/docs/protocol), those by GET included."""
    by_get = request.method == "GET" and "connect=v1" in request.query.split("&")
    return by_get or "connect-protocol-version" in request.headers or media_type == "application/proto"


def is_graphql(request: Request, body: Any) -> bool:
    """Whether a request is a call of GraphQL (spec.graphql.org, 7.1): a document, or the number of one that is kept."""
    if not request.path.lower().rstrip("/").endswith("/graphql"):
        return False
    call = body[0] if isinstance(body, list) and body and isinstance(body[0], dict) else body
    names = call if isinstance(call, dict) else field_names(body).values()
    return not {"query", "doc_id", "operationName", "extensions"}.isdisjoint(names)


def refuse_message(wire_format: Format, body: Any, notice: Notice) -> tuple[bytes, ...]:
    """The notice as WebSocket messages, in place of an answer to one with this body."""
    return refuse_frames(body, notice) or wire_format.refuse_message(body, notice)


def grpc_refusal(notice: Notice, media_type: str) -> Answer:
    """An answer without messages (github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md): HTTP 200, the notice in the trailers,
    without a person's own text: clients take some 8 KB of them.

    gRPC-Web has its trailers in the body (doc/PROTOCOL-WEB.md).
    """
    message = quote(notice.brief or notice.text, safe=" !#$&'()*+,/:;=?@[]\"<>{}|^`~\\")
    trailers = {"grpc-status": str(PERMISSION_DENIED), "grpc-message": message}
    headers = {"content-type": media_type}
    if not media_type.startswith("application/grpc-web"):
        return Answer(200, headers, b"", trailers)
    source = "".join(f"{name}: {value}\r\n" for name, value in trailers.items()).encode()
    frame = b"\x80" + len(source).to_bytes(4) + source
    return Answer(200, headers, base64.b64encode(frame) if "-text" in media_type else frame)


def connect_refusal(notice: Notice, media_type: str) -> Answer:
    """The end of a stream that carries an error (connectrpc.com/docs/protocol): HTTP 200, flag 2, JSON."""
    details = {"title": notice.title, "detail": notice.text}
    error = {"code": CONNECT_CODE, "message": notice.text, "details": [{"debug": {"details": details}}]}
    source = orjson.dumps({"error": error})
    return Answer(200, {"content-type": media_type}, b"\x02" + len(source).to_bytes(4) + source)
