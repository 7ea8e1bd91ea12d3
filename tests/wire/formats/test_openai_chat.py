from __future__ import annotations

from typing import Any

import pytest

from promptguard.model import Request
from promptguard.wire.formats.openai_chat import OpenAIChat

FORMAT = OpenAIChat()
REQUEST = Request("POST", "api.openai.com", "/v1/chat/completions")

BODY = {
    "model": "gpt-5",
    "messages": [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "What is the weather in Kiel?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Kiel"}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "11 degrees"},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "And this?"},
                {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
            ],
        },
    ],
    "tools": [{"type": "function", "function": {"name": "weather2", "description": "Tells the weather."}}],
    "metadata": {"ticket": "T-77"},
    "stream": True,
}


def test_voices(voices: Any) -> None:
    found = voices(FORMAT, BODY)
    assert found["gpt-5"] == ("other", "new")
    assert found["T-77"] == ("other", "new")
    assert found["Be kind."] == ("system", "history")
    assert found["Tells the weather."] == ("tool_definition", "history")
    assert found["What is the weather in Kiel?"] == ("user", "history")
    assert found["Kiel"] == ("tool_call", "history")
    assert found["11 degrees"] == ("tool_result", "new")
    assert found["And this?"] == ("user", "new")
    assert found["https://example.org/a.png"] == ("file", "new")


def test_all_is_new_in_the_first_turn(voices: Any) -> None:
    found = voices(FORMAT, {**BODY, "messages": BODY["messages"][:2]})
    assert {position for _, position in found.values()} == {"new"}


@pytest.mark.parametrize("body", [{"prompt": "Once upon"}, {"input": ["Once upon"]}])
def test_completions_and_embeddings(voices: Any, body: Any) -> None:
    assert voices(FORMAT, body)["Once upon"] == ("user", "new")


def chunk(delta: dict[str, Any], index: int = 0, finish_reason: str | None = None) -> dict[str, Any]:
    choice = {"index": index, "delta": delta, "finish_reason": finish_reason}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice]}


def call(index: int, arguments: str) -> dict[str, Any]:
    return {"tool_calls": [{"index": index, "function": {"arguments": arguments}}]}


def test_streamed_answer(assembled: Any) -> None:
    stream = [
        chunk({"role": "assistant", "content": ""}),
        chunk({"reasoning_content": "Let me "}),
        chunk({"reasoning_content": "think"}),
        chunk({"content": "Hello "}),
        chunk({"content": "other"}, index=1),
        chunk({"content": "world"}),
        chunk({}, finish_reason="stop"),
        chunk({"content": " choice"}, index=1),
        chunk({}, index=1, finish_reason="stop"),
        {"id": "chatcmpl-1", "choices": [], "usage": {}},
    ]
    assert assembled(FORMAT, stream) == {
        ("text", 0): "Hello world",
        ("text", 1): "other choice",
        ("reasoning", 0): "Let me think",
    }


def test_streamed_tool_calls(assembled: Any) -> None:
    stream = [
        chunk(call(0, "")),
        chunk(call(0, '{"to":')),
        chunk(call(1, '{"n"')),
        chunk(call(0, '"jo"}')),
        chunk(call(1, ":1}")),
        chunk({}, finish_reason="tool_calls"),
    ]
    assert assembled(FORMAT, stream) == {("tool_call", 0): '{"to":"jo"}', ("tool_call", 1): '{"n":1}'}


def test_a_choice_ends_with_its_finish_reason() -> None:
    keys = [piece.key for piece in FORMAT.pieces(chunk({"content": "a", **call(3, "{")}))]
    closed = FORMAT.closed(chunk({}, finish_reason="stop"))
    assert closed is not None
    assert set(keys) <= set(closed)
    assert FORMAT.closed(chunk({"content": "a"})) == []
    other = FORMAT.closed(chunk({}, index=1, finish_reason="stop"))
    assert other is not None
    assert not set(keys) & set(other)


def test_whole_answer(assembled: Any) -> None:
    message = {"role": "assistant", "content": "Hello", "tool_calls": [{"function": {"arguments": "{}"}}]}
    answer = {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    assert assembled(FORMAT, [answer]) == {("text", 0): "Hello", ("tool_call", 0): "{}"}


def test_mistrals_blocks_and_older_completions(assembled: Any) -> None:
    assert assembled(FORMAT, [chunk({"content": [{"type": "text", "text": "a"}]}), chunk({"content": "b"})]) == {
        ("text", 0): "ab"
    }
    assert assembled(FORMAT, [{"choices": [{"text": "a"}]}, {"choices": [{"text": "b"}]}]) == {("text", 0): "ab"}
