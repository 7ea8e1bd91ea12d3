from __future__ import annotations

import json
from typing import Any

import pytest

from promptguard.demo.application import PIECE_SIZES
from promptguard.demo.clients import page_text
from promptguard.demo.dialects.interface import Call, Reply
from promptguard.demo.dialects.web_chats import answer_chatgpt, answer_claude


def call(method: str, path: str, body: Any = None) -> Call:
    return Call(method, "", path, {}, body, PIECE_SIZES)


def read(reply: Reply | None) -> str:
    assert reply is not None
    return b"".join(reply.chunks).decode()


@pytest.mark.parametrize(
    "path", ["/backend-api/conversation", "/backend-api/f/conversation", "/backend-anon/conversation"]
)
@pytest.mark.parametrize("prompt", ["hello there", "!say "])
def test_chatgpt_streams_patches(path: str, prompt: str) -> None:
    body = {"messages": [{"author": {"role": "user"}, "content": {"content_type": "text", "parts": [prompt]}}]}
    stream = read(answer_chatgpt(call("POST", path, body)))
    assert page_text(stream) == ("You wrote: hello there" if prompt == "hello there" else "")
    assert stream.startswith('event: delta_encoding\ndata: "v1"\n\n')
    assert stream.endswith("data: [DONE]\n\n")


def test_claude_streams_message_events() -> None:
    path = "/api/organizations/one/chat_conversations/two/completion"
    stream = read(answer_claude(call("POST", path, {"prompt": "hello there"})))
    events = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]
    deltas = [event["delta"]["text"] for event in events if event["type"] == "content_block_delta"]
    assert "".join(deltas) == "You wrote: hello there"
    assert events[-1]["type"] == "message_stop"


@pytest.mark.parametrize("answer", [answer_chatgpt, answer_claude])
def test_pages(answer: Any) -> None:
    page = read(answer(call("GET", "/")))
    assert page.startswith("<!doctype html>")
    assert "async function ask(prompt)" in page
    assert answer(call("GET", "/elsewhere")) is None
    assert answer(call("POST", "/", {"prompt": "x"})) is None
