"""What a service said, read from whole answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptguard.wire.answers import read_answer, read_messages
from promptguard.wire.formats import load_formats

FORMATS = load_formats()


def events(*messages: Any) -> bytes:
    return b"".join(b"data: " + json.dumps(message).encode() + b"\n\n" for message in messages)


def block(index: int, name: str, text: str) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": {"type": "x", name: text}}


ANTHROPIC = (
    block(0, "thinking", "Let me "),
    block(0, "thinking", "see"),
    block(0, "signature", "Eq"),
    block(0, "signature", "QB"),
    {"type": "content_block_stop", "index": 0},
    block(1, "text", "DB_PASS"),
    block(1, "text", "WORD=x"),
    {"type": "content_block_stop", "index": 1},
    block(2, "partial_json", '{"path":"a.env","co'),
    block(2, "partial_json", 'ntent":"A=1\\nB=2"}'),
    {"type": "content_block_stop", "index": 2},
)


def test_pieces_of_a_stream_are_put_together() -> None:
    said = read_answer(events(*ANTHROPIC), "text/event-stream; charset=utf-8", FORMATS["anthropic_messages"])
    assert {"DB_PASSWORD=x", "a.env", "A=1\nB=2"} <= set(said.texts)
    assert {"Let me see", "EqQB"} <= set(said.sealed)


REASONING = {"type": "reasoning", "id": "rs_1", "encrypted_content": "gAAAA"}


@pytest.mark.parametrize(
    ("id", "message", "texts", "sealed"),
    [
        ("openai_chat", {"choices": [{"message": {"role": "assistant", "content": "Hi"}}]}, {"Hi"}, set()),
        ("openai_responses", {"output": [REASONING]}, set(), {"gAAAA"}),
        ("openai_responses", {"type": "response.output_item.done", "item": REASONING}, set(), {"gAAAA"}),
        (
            "gemini",
            {"candidates": [{"content": {"parts": [{"text": "Hi", "thoughtSignature": "CoA"}]}}]},
            {"Hi"},
            {"CoA"},
        ),
        ("generic", {"answer": {"text": "Hi"}}, {"Hi"}, set()),
    ],
)
def test_whole_answers(id: str, message: Any, texts: set[str], sealed: set[str]) -> None:
    said = read_answer(json.dumps(message).encode(), "application/json", FORMATS[id])
    assert texts <= set(said.texts)
    assert set(said.sealed) == sealed
    assert read_messages([message], FORMATS[id]) == said


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"text":"one"}\n{"text":"two"}\n', "application/x-ndjson"),
        (b'[{"text":"one"},\n{"text":"two"}]', "application/json"),
        (b'0:"one"\n0:"two"\nd:{}\n', "text/plain"),
        (b"data: one\n\ndata: two\n\ndata: [DONE]\n\n", "text/event-stream"),
        (b"one\ntwo", "text/plain"),
    ],
)
def test_framings(body: bytes, content_type: str) -> None:
    assert {"one", "two"} <= set(read_answer(body, content_type, FORMATS["generic"]).texts)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"[" * 100_000, b'{"a":', b"data:"])
def test_nothing_is_raised(body: bytes) -> None:
    read_answer(body, "application/json", FORMATS["openai_chat"])
