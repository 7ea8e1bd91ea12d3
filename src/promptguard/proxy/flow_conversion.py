"""Between mitmproxy's flows and the guard's plain values."""

from __future__ import annotations

from mitmproxy import http
from mitmproxy.proxy.mode_specs import UpstreamMode

from promptguard.model import Answer, Request, Verdict

_FOR_PROXIES = "proxy-authorization"
"""Credentials for this proxy or its parent. No service is to have them, and so they are neither read nor sent on."""


def request_of(flow: http.HTTPFlow, host: str) -> Request:
    """The request of a flow. `host` is the registry's name for the target, not what the client may have made up."""
    path, _, query = flow.request.path.partition("?")
    headers: dict[str, str] = {}
    fields = [field for field in flow.request.headers.items(multi=True) if field[0].lower() != _FOR_PROXIES]
    for name, value in fields:
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return Request(
        method=flow.request.method,
        host=host,
        path=path,
        query=query,
        headers=headers,
        body=flow.request.raw_content or b"",
        fields=tuple(fields),
    )


def answer_with(flow: http.HTTPFlow, answer: Answer) -> None:
    """Answer in the provider's place; mitmproxy then opens no connection to it."""
    body = b"" if flow.request.method.upper() == "HEAD" else answer.body
    flow.response = response = http.Response.make(answer.status, body, dict(answer.headers))
    if answer.trailers:
        response.trailers = http.Headers([(name.encode(), value.encode()) for name, value in answer.trailers.items()])
        del response.headers["content-length"]
        if not flow.request.is_http2:
            response.headers["transfer-encoding"] = "chunked"
            response.headers["trailer"] = ", ".join(answer.trailers)


def forward(flow: http.HTTPFlow, verdict: Verdict) -> None:
    """Let the request go on as the verdict says."""
    # Trailers come after a body that was read without them. No AI service asks for any.
    flow.request.trailers = None
    if not isinstance(flow.client_conn.proxy_mode, UpstreamMode):
        flow.request.headers.pop(_FOR_PROXIES, None)
    if verdict.body is not None:
        flow.request.headers.pop("content-encoding", None)
        flow.request.headers.pop("transfer-encoding", None)
        flow.request.content = verdict.body
        flow.request.headers.update(verdict.headers)
    if verdict.query is not None:
        path = flow.request.path.partition("?")[0]
        flow.request.path = f"{path}?{verdict.query}" if verdict.query else path
    if verdict.restoration or verdict.decision.announce:
        # What has to be put back must be readable; a compressed answer would be decoded all the same.
        flow.request.headers["accept-encoding"] = "identity"
