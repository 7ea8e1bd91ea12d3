"""How a format says no: HTTP 400 in the provider's own error JSON, or to programs "not now": 503 and when to try again.

400 with JSON is the one status that every client tested shows to the person after a single request; `x-should-retry`
keeps the OpenAI and Anthropic SDKs from sending it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from promptguard.model import Answer, Notice

STATUS: Final = 400
SERVICE_UNAVAILABLE: Final = 503
UPGRADE_REQUIRED: Final = 426

MAX_SCHEMA_DEPTH: Final = 8
"""Schemas within each other that an answer in the asked form follows."""


def refusal(body: Mapping[str, Any], **headers: str) -> Answer:
    """An answer with a JSON body; underscores in the names of more headers stand for hyphens."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(
        STATUS,
        {"content-type": "application/json", "cache-control": "no-store", "x-should-retry": "false", **more},
        orjson.dumps(dict(body)),
    )


def busy(
    body: Mapping[str, Any], notice: Notice, status: int = SERVICE_UNAVAILABLE, headers: Mapping[str, str] | None = None
) -> Answer:
    """An answer with a JSON body that clients of an API take for that of a service which is busy: they wait and send
    again by themselves (RFC 9110, 15.6.4 and 10.2.3)."""
    return Answer(
        status,
        {
            "content-type": "application/json",
            "cache-control": "no-store",
            "retry-after": str(notice.retry_after),
            "x-should-retry": "true",
            **(headers or {}),
        },
        orjson.dumps(dict(body)),
    )


def instance(schema: Any, text: str, depth: int = 0) -> Any:
    """A value of a JSON Schema in which every free string says `text`: for clients that asked for JSON."""
    if not isinstance(schema, dict) or depth > MAX_SCHEMA_DEPTH:
        return text
    if isinstance(choices := schema.get("enum"), list) and choices:
        return choices[0]
    kind = schema.get("type")
    match str(kind[0] if isinstance(kind, list) and kind else kind).lower():
        case "object":
            members = schema.get("properties")
            names = members.items() if isinstance(members, dict) else ()
            return {name: instance(inner, text, depth + 1) for name, inner in names}
        case "array":
            return []
        case "integer" | "number":
            low = schema.get("minimum", 1)  # zero is out of range more often
            return low if isinstance(low, int | float) else 1
        case "boolean":
            return False
        case "null":
            return None
    return text


def openai_refusal(notice: Notice) -> Answer:
    """OpenAI's error object (platform.openai.com/docs/guides/error-codes), which most other providers copy."""
    error = {"message": notice.text, "type": "invalid_request_error", "param": None, "code": notice.code}
    return refusal({"error": error})


def openai_busy(notice: Notice) -> Answer:
    """OpenAI's error of an overloaded service (platform.openai.com/docs/guides/error-codes)."""
    error = {"message": notice.text, "type": "server_error", "param": None, "code": notice.code}
    return busy({"error": error}, notice)


def web_refusal(notice: Notice) -> Answer:
    """For web pages, whose scripts look for the sentence in `detail` or in `error.message`."""
    error = {"message": notice.text, "type": "invalid_request_error", "param": None, "code": notice.code}
    return refusal({"type": "error", "error": error, "detail": notice.text})


def event_stream(*messages: Mapping[str, Any], event: str = "") -> Answer:
    """Server-sent events, each of the name `event` if there is one: an answer in the words of the notice."""
    head = f"event: {event}\n".encode() if event else b""
    body = b"".join(head + b"data: " + orjson.dumps(dict(message)) + b"\n\n" for message in messages)
    return Answer(200, {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store"}, body)
