"""Anthropic's API: messages and count_tokens (https://docs.anthropic.com/en/api/messages)."""

from __future__ import annotations

from collections.abc import Iterator

from promptguard.demo.dialects.interface import (
    EVENT_STREAM,
    Call,
    Json,
    Reply,
    Thought,
    encode,
    event,
    json_reply,
    last_text,
    think,
    words,
)


def answer(call: Call) -> Reply | None:
    """The reply to a call on one of Anthropic's paths."""
    if call.method != "POST" or not isinstance(call.body, dict):
        return None
    prompt = last_text(call.body.get("messages"))
    if call.path == "/v1/messages/count_tokens":
        return json_reply({"input_tokens": words(prompt)})
    if call.path != "/v1/messages":
        return None
    thought = think(prompt)
    model = str(call.body.get("model", "stand-in-1"))
    if call.body.get("stream") is True:
        return Reply(message_events(call, thought, prompt, model), EVENT_STREAM)
    return json_reply(_message(thought, prompt, model))


def message_events(call: Call, thought: Thought, prompt: str, model: str) -> Iterator[bytes]:
    """A streamed message, as the API and claude.ai send it."""
    message = _message(thought, prompt, model) | {"content": [], "stop_reason": None}
    yield _event({"type": "message_start", "message": message})
    if thought.tool:
        opening = _tool_use(thought) | {"input": {}}
        pieces = call.pieces(encode(thought.arguments).decode())
        deltas = ({"type": "input_json_delta", "partial_json": piece} for piece in pieces)
    else:
        opening = {"type": "text", "text": ""}
        deltas = ({"type": "text_delta", "text": piece} for piece in call.pieces(thought.text))
    yield _event({"type": "content_block_start", "index": 0, "content_block": opening})
    yield _event({"type": "ping"})
    for delta in deltas:
        yield _event({"type": "content_block_delta", "index": 0, "delta": delta})
    yield _event({"type": "content_block_stop", "index": 0})
    ending = {"stop_reason": _stop_reason(thought), "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": ending, "usage": {"output_tokens": words(thought.text)}})
    yield _event({"type": "message_stop"})


def _event(data: dict[str, Json]) -> bytes:
    return event(data, data["type"])


def _message(thought: Thought, prompt: str, model: str) -> dict[str, Json]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [_tool_use(thought) if thought.tool else {"type": "text", "text": thought.text}],
        "stop_reason": _stop_reason(thought),
        "stop_sequence": None,
        "usage": {"input_tokens": words(prompt), "output_tokens": words(thought.text)},
    }


def _tool_use(thought: Thought) -> dict[str, Json]:
    return {"type": "tool_use", "id": "toolu_1", "name": thought.tool, "input": thought.arguments}


def _stop_reason(thought: Thought) -> str:
    return "tool_use" if thought.tool else "end_turn"
