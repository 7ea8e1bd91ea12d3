"""How further services speak, beside those of the demonstration: what the libraries of tests/clients read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

from promptguard.demo.dialects import openai
from promptguard.demo.dialects.interface import (
    EVENT_STREAM,
    Call,
    Dialect,
    Reply,
    encode,
    event,
    json_reply,
    last_text,
    think,
)

_USAGE = {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}
_CREATED = "2026-01-01T00:00:00Z"


def bedrock(call: Call) -> Reply | None:
    """Converse, ConverseStream and InvokeModel (docs.aws.amazon.com/bedrock/latest/APIReference)."""
    text = _answer(call)
    message = {"role": "assistant", "content": [{"text": text}]}
    match call.path.rpartition("/")[2]:
        case "converse":
            whole = {"output": {"message": message}, "stopReason": "end_turn", "usage": _USAGE}
            return json_reply(whole | {"metrics": {"latencyMs": 1}})
        case "converse-stream":
            return Reply(_converse_stream(call, text), "application/vnd.amazon.eventstream")
        case "invoke":
            return json_reply({"id": "msg_1", "type": "message", "content": [{"type": "text", "text": text}]})
    return None


def cohere(call: Call) -> Reply | None:
    """Chat, version 2 (docs.cohere.com/reference/chat, docs.cohere.com/reference/chat-stream)."""
    text = _answer(call)
    if not call.body.get("stream"):
        message = {"role": "assistant", "content": [{"type": "text", "text": text}]}
        return json_reply({"id": "1", "finish_reason": "COMPLETE", "message": message})
    return Reply((event(item, item["type"]) for item in _cohere_events(call, text)), EVENT_STREAM)


def ollama(call: Call) -> Reply | None:
    """Chat (github.com/ollama/ollama/blob/main/docs/api.md)."""
    text = _answer(call)
    head = {"model": call.body["model"], "created_at": _CREATED}
    end = head | {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
    if call.body.get("stream") is False:
        return json_reply(end | {"message": {"role": "assistant", "content": text}})
    lines = [head | {"message": {"role": "assistant", "content": piece}, "done": False} for piece in call.pieces(text)]
    return Reply((encode(line) + b"\n" for line in [*lines, end]), "application/x-ndjson")


FURTHER: dict[str, Dialect] = {
    "bedrock-runtime.us-east-1.amazonaws.com": bedrock,
    "api.cohere.com": cohere,
    "ollama.com": ollama,
    "api.mistral.ai": openai.answer,
    "router.huggingface.co": openai.answer,
}
"""Dialects by host."""


def _answer(call: Call) -> str:
    return think(last_text(call.body["messages"])).text


def _converse_stream(call: Call, text: str) -> Iterator[bytes]:
    yield _aws_event("messageStart", {"role": "assistant"})
    for piece in call.pieces(text):
        yield _aws_event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": piece}})
    yield _aws_event("contentBlockStop", {"contentBlockIndex": 0})
    yield _aws_event("messageStop", {"stopReason": "end_turn"})
    yield _aws_event("metadata", {"usage": _USAGE, "metrics": {"latencyMs": 1}})


def _aws_event(name: str, body: Any) -> bytes:
    """One message of an event stream (smithy.io/2.0/aws/amazon-eventstream.html)."""
    given = {":event-type": name, ":content-type": "application/json", ":message-type": "event"}
    headers = b"".join(
        bytes([len(key)]) + key.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
        for key, value in given.items()
    )
    payload = encode(body)
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + payload
    return message + struct.pack(">I", zlib.crc32(message))


def _cohere_events(call: Call, text: str) -> Iterator[dict[str, Any]]:
    yield {"type": "message-start", "id": "1", "delta": {"message": {"role": "assistant", "content": []}}}
    first = {"message": {"content": {"type": "text", "text": ""}}}
    yield {"type": "content-start", "index": 0, "delta": first}
    for piece in call.pieces(text):
        yield {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": piece}}}}
    yield {"type": "content-end", "index": 0}
    yield {"type": "message-end", "delta": {"finish_reason": "COMPLETE"}}
