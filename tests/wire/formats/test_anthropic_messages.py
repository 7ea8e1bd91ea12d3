from __future__ import annotations

from typing import Any

import pytest

from promptguard.wire.formats.anthropic_messages import AnthropicMessages

FORMAT = AnthropicMessages()

BODY = {
    "model": "claude-sonnet-5",
    "max_tokens": 1024,
    "system": [{"type": "text", "text": "Be kind.", "cache_control": {"type": "ephemeral"}}],
    "tools": [{"name": "Bash", "description": "Runs a command.", "input_schema": {"type": "object", "properties": {}}}],
    "messages": [
        {"role": "user", "content": [{"type": "text", "text": "List the files"}]},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "I list them", "signature": "EqQ"},
                {"type": "tool_use", "id": "toolu_1", "name": "Bash2", "input": {"command": "ls -la"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "README.md"}]},
                {"type": "text", "text": "And now this:"},
                {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "The report"}},
            ],
        },
    ],
    "metadata": {"user_id": "user_123"},
    "stream": True,
}


def test_voices(voices: Any) -> None:
    found = voices(FORMAT, BODY)
    assert found["claude-sonnet-5"] == ("other", "new")
    assert found["user_123"] == ("other", "new")
    assert found["Be kind."] == ("system", "history")
    assert found["Runs a command."] == ("tool_definition", "history")
    assert found["List the files"] == ("user", "history")
    assert found["I list them"] == ("assistant", "history")
    assert found["ls -la"] == ("tool_call", "history")
    assert found["README.md"] == ("tool_result", "new")
    assert found["And now this:"] == ("user", "new")
    assert found["The report"] == ("file", "new")


def test_an_answer_that_is_begun_for_the_model_is_new(voices: Any) -> None:
    messages = [{"role": "user", "content": "Write JSON"}, {"role": "assistant", "content": "Here it is:"}]
    found = voices(FORMAT, {"system": "Be kind.", "messages": messages})
    assert found["Write JSON"] == ("user", "new")
    assert found["Here it is:"] == ("assistant", "new")
    assert found["Be kind."] == ("system", "new")


def test_batches(voices: Any) -> None:
    first = {"custom_id": "one-1", "params": {"model": "m-1", "messages": [{"role": "user", "content": "First"}]}}
    second = {"custom_id": "two-2", "params": {**BODY, "system": "Be brief."}}
    found = voices(FORMAT, {"requests": [first, second]})
    assert found["one-1"] == ("other", "new")
    assert found["First"] == ("user", "new")
    assert found["Be brief."] == ("system", "history")
    assert found["List the files"] == ("user", "history")
    assert found["README.md"] == ("tool_result", "new")


STREAM: list[dict[str, Any]] = [
    {"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant", "content": []}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Hm"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "EqQ"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Hello "}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "world"}},
    {"type": "content_block_stop", "index": 1},
    {"type": "content_block_start", "index": 2, "content_block": {"type": "tool_use", "name": "Bash", "input": {}}},
    {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": '{"to":'}},
    {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": '"jo"}'}},
    {"type": "content_block_stop", "index": 2},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}},
    {"type": "message_stop"},
]


def test_streamed_answer(assembled: Any) -> None:
    assert assembled(FORMAT, STREAM) == {
        ("sealed", 0): "Hm",
        ("sealed", 1): "EqQ",
        ("text", 0): "Hello world",
        ("tool_call", 0): '{"to":"jo"}',
    }


@pytest.mark.parametrize(
    ("event", "closed"),
    [
        (
            {"type": "content_block_stop", "index": 1},
            [("block", 1), ("sealed", 1, "thinking"), ("sealed", 1, "signature")],
        ),
        ({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "x"}}, ()),
        ({"type": "ping"}, ()),
        ({"type": "message_delta"}, None),
        ({"type": "error"}, None),
    ],
)
def test_closed(event: Any, closed: Any) -> None:
    assert FORMAT.closed(event) == closed


def test_whole_answer(assembled: Any) -> None:
    content = [{"type": "text", "text": "Hello"}, {"type": "tool_use", "input": {"to": "jo"}}]
    assert assembled(FORMAT, [{"type": "message", "content": content}]) == {("text", 0): "Hello"}
