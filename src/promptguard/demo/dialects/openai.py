"""OpenAI's API: chat completions, responses, embeddings, models.

Shapes as in the API reference (https://platform.openai.com/docs/api-reference).
"""

from __future__ import annotations

import base64
import struct
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
    text_of,
    think,
    words,
)

_CREATED = 1_700_000_000
"""Unix time of all answers: a constant, so that answers can be compared."""
_EMBEDDING = (0.25, -0.5, 0.125, 1.0)


def answer(call: Call) -> Reply | None:
    """The reply to a call on one of OpenAI's paths."""
    path = call.path.removeprefix("/v1")
    if call.method == "GET" and path == "/models":
        return json_reply({"object": "list", "data": [_model("stand-in-1")]})
    if call.method != "POST" or not isinstance(call.body, dict):
        return None
    if path == "/chat/completions":
        return _chat(call)
    if path == "/responses":
        return _responses(call)
    if path == "/embeddings":
        return _embeddings(call)
    return None


def response_events(call: Call) -> Iterator[dict[str, Json]]:
    """The events of one streamed response, as they stand in SSE data and in WebSocket frames alike."""
    for number, item in enumerate(_response_events(call)):
        yield item | {"sequence_number": number}


def _model(name: str) -> Json:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "promptguard"}


def _chat(call: Call) -> Reply:
    prompt = last_text(call.body.get("messages"))
    thought = think(prompt)
    if call.body.get("stream") is True:
        return Reply(_chat_stream(call, thought, prompt), EVENT_STREAM)
    message: Json = {"role": "assistant", "content": thought.text, "refusal": None, "annotations": []}
    if thought.tool:
        function = {"name": thought.tool, "arguments": encode(thought.arguments).decode()}
        message |= {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish_reason(thought)}
    return json_reply(
        _chat_head(call, "chat.completion") | {"choices": [choice], "usage": _chat_usage(prompt, thought)}
    )


def _chat_head(call: Call, kind: str) -> dict[str, Json]:
    return {
        "id": "chatcmpl-1",
        "object": kind,
        "created": _CREATED,
        "model": call.body.get("model", "stand-in-1"),
        "service_tier": "default",
    }


def _chat_usage(prompt: str, thought: Thought) -> Json:
    sent, made = words(prompt), words(thought.text)
    return {"prompt_tokens": sent, "completion_tokens": made, "total_tokens": sent + made}


def _finish_reason(thought: Thought) -> str:
    return "tool_calls" if thought.tool else "stop"


def _chat_stream(call: Call, thought: Thought, prompt: str) -> Iterator[bytes]:
    head = _chat_head(call, "chat.completion.chunk")

    def chunk(delta: Json, finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return event(head | {"choices": [choice]})

    if thought.tool:
        function = {"name": thought.tool, "arguments": ""}
        opening = {"index": 0, "id": "call_1", "type": "function", "function": function}
        yield chunk({"role": "assistant", "content": None, "tool_calls": [opening]})
        for piece in call.pieces(encode(thought.arguments).decode()):
            yield chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
    else:
        yield chunk({"role": "assistant", "content": "", "refusal": None})
        for piece in call.pieces(thought.text):
            yield chunk({"content": piece})
    yield chunk({}, _finish_reason(thought))
    options = call.body.get("stream_options")
    if isinstance(options, dict) and options.get("include_usage") is True:
        yield event(head | {"choices": [], "usage": _chat_usage(prompt, thought)})
    yield b"data: [DONE]\n\n"


def _responses(call: Call) -> Reply:
    if call.body.get("stream") is True:
        return Reply((event(item, item["type"]) for item in response_events(call)), EVENT_STREAM)
    thought = think(last_text(call.body.get("input")))
    return json_reply(_response(call, thought, "completed"))


def _response(call: Call, thought: Thought, status: str) -> dict[str, Json]:
    done = status == "completed"
    sent, made = words(text_of(call.body.get("input"))), words(thought.text)
    details = {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    usage = {"input_tokens": sent, "output_tokens": made, "total_tokens": sent + made} | details
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": _CREATED,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": call.body.get("model", "stand-in-1"),
        "output": [_output_item(thought, "completed")] if done else [],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": usage if done else None,
    }


def _output_item(thought: Thought, status: str) -> dict[str, Json]:
    done = status == "completed"
    if thought.tool:
        arguments = encode(thought.arguments).decode() if done else ""
        call = {"type": "function_call", "call_id": "call_1", "name": thought.tool, "arguments": arguments}
        return {"id": "fc_1", "status": status} | call
    content = [_output_text(thought.text)] if done else []
    return {"id": "msg_1", "type": "message", "status": status, "role": "assistant", "content": content}


def _output_text(text: str) -> Json:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _response_events(call: Call) -> Iterator[dict[str, Json]]:
    thought = think(last_text(call.body.get("input")))
    started = _response(call, thought, "in_progress")
    yield {"type": "response.created", "response": started}
    yield {"type": "response.in_progress", "response": started}
    yield {"type": "response.output_item.added", "output_index": 0, "item": _output_item(thought, "in_progress")}
    if thought.tool:
        place = {"item_id": "fc_1", "output_index": 0}
        arguments = encode(thought.arguments).decode()
        for piece in call.pieces(arguments):
            yield {"type": "response.function_call_arguments.delta", "delta": piece} | place
        yield {"type": "response.function_call_arguments.done", "arguments": arguments, "name": thought.tool} | place
    else:
        place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
        yield {"type": "response.content_part.added", "part": _output_text("")} | place
        for piece in call.pieces(thought.text):
            yield {"type": "response.output_text.delta", "delta": piece, "logprobs": []} | place
        yield {"type": "response.output_text.done", "text": thought.text, "logprobs": []} | place
        yield {"type": "response.content_part.done", "part": _output_text(thought.text)} | place
    yield {"type": "response.output_item.done", "output_index": 0, "item": _output_item(thought, "completed")}
    yield {"type": "response.completed", "response": _response(call, thought, "completed")}


def _embeddings(call: Call) -> Reply:
    given = call.body.get("input")
    texts = given if isinstance(given, list) else [given]
    vector: Json = list(_EMBEDDING)
    if call.body.get("encoding_format") == "base64":
        vector = base64.b64encode(struct.pack(f"<{len(_EMBEDDING)}f", *_EMBEDDING)).decode()
    data = [{"object": "embedding", "index": index, "embedding": vector} for index in range(len(texts))]
    usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
    return json_reply({"object": "list", "data": data, "model": call.body.get("model", ""), "usage": usage})
