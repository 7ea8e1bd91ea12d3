"""Google's Gemini API: generateContent, streamGenerateContent, countTokens (https://ai.google.dev/api)."""

from __future__ import annotations

from collections.abc import Iterator

from promptguard.demo.dialects.interface import (
    EVENT_STREAM,
    Call,
    Json,
    Reply,
    encode,
    json_reply,
    text_of,
    think,
    words,
)


def answer(call: Call) -> Reply | None:
    """The reply to a call on one of Gemini's paths, `/v1…/models/MODEL:METHOD`."""
    if call.method != "POST" or "/models/" not in call.path or not isinstance(call.body, dict):
        return None
    model, _, method = call.path.rpartition("/")[2].partition(":")
    prompt = _prompt(call.body)
    if method == "countTokens":
        return json_reply({"totalTokens": words(prompt)})
    if method == "generateContent":
        thought = think(prompt)
        part = {"functionCall": {"name": thought.tool, "args": thought.arguments}} if thought.tool else None
        return json_reply(_message(part or {"text": thought.text}, model, last=True))
    if method == "streamGenerateContent":
        messages = list(_messages(call, prompt, model))
        if call.query.get("alt") == "sse":
            return Reply((b"data: " + encode(message) + b"\r\n\r\n" for message in messages), EVENT_STREAM)
        return Reply(_array(messages))
    return None


def _prompt(body: dict[str, Json]) -> str:
    contents = body.get("contents")
    if isinstance(contents, dict):
        contents = [contents]
    if not isinstance(contents, list) or not contents or not isinstance(contents[-1], dict):
        return text_of(contents)
    return text_of(contents[-1].get("parts"))


def _messages(call: Call, prompt: str, model: str) -> Iterator[Json]:
    thought = think(prompt)
    if thought.tool:
        yield _message({"functionCall": {"name": thought.tool, "args": thought.arguments}}, model, last=True)
        return
    pieces = list(call.pieces(thought.text)) or [""]
    for number, piece in enumerate(pieces, start=1):
        yield _message({"text": piece}, model, last=number == len(pieces))


def _message(part: Json, model: str, *, last: bool) -> Json:
    candidate: dict[str, Json] = {"content": {"parts": [part], "role": "model"}, "index": 0}
    if last:
        candidate["finishReason"] = "STOP"
    usage = {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": model, "responseId": "stand-in"}


def _array(messages: list[Json]) -> Iterator[bytes]:
    """Without `alt=sse` the API streams one JSON array, element by element."""
    for number, message in enumerate(messages):
        yield (b"[" if number == 0 else b",\r\n") + encode(message)
    yield b"]"
