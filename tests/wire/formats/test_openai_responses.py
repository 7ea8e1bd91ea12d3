from __future__ import annotations

from typing import Any

import orjson
import pytest

from promptguard.model import Channel, Notice, Request
from promptguard.wire.formats.openai_responses import OpenAIResponses

FORMAT = OpenAIResponses()
REQUEST = Request("POST", "api.openai.com", "/v1/responses")

BODY = {
    "type": "response.create",
    "model": "gpt-5-codex",
    "instructions": "You are a coding agent.",
    "tools": [{"type": "function", "name": "shell", "description": "Runs a command."}],
    "input": [
        {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "Sandbox rules"}]},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Fix the bug"}]},
        {
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": "I will look"}],
            "encrypted_content": "gAAA",
        },
        {"type": "function_call", "name": "shell3", "call_id": "call_1", "arguments": '{"command":["ls -la"]}'},
        {"type": "function_call_output", "call_id": "call_1", "output": "README.md"},
    ],
}


def test_voices(voices: Any) -> None:
    found = voices(FORMAT, BODY)
    assert found["You are a coding agent."] == ("system", "history")
    assert found["Runs a command."] == ("tool_definition", "history")
    assert found["Sandbox rules"] == ("system", "history")
    assert found["Fix the bug"] == ("user", "history")
    assert found["I will look"] == ("assistant", "history")
    assert found["ls -la"] == ("tool_call", "history")
    assert found["README.md"] == ("tool_result", "new")


def test_a_plain_input_is_the_users(voices: Any) -> None:
    found = voices(FORMAT, {"model": "gpt-5", "input": "Hello", "instructions": "Be kind."})
    assert found["Hello"] == ("user", "new")
    assert found["Be kind."] == ("system", "new")


def test_realtime_response(voices: Any) -> None:
    body = {
        "type": "response.create",
        "response": {"instructions": "Be kind.", "input": [{"role": "user", "content": "Hi"}]},
    }
    assert voices(FORMAT, body)["Be kind."] == ("system", "new")
    assert voices(FORMAT, body)["Hi"] == ("user", "new")


def test_streamed_answer(assembled: Any) -> None:
    text = {"item_id": "msg_1", "output_index": 1, "content_index": 0}
    thought = {"item_id": "rs_1", "output_index": 0, "summary_index": 0}
    arguments = {"item_id": "fc_1", "output_index": 2}
    stream = [
        {"type": "response.created", "response": {"id": "resp_1", "output": []}},
        {"type": "response.reasoning_summary_text.delta", **thought, "delta": "Hm, "},
        {"type": "response.reasoning_summary_text.delta", **thought, "delta": "well"},
        {"type": "response.reasoning_summary_text.done", **thought, "text": "Hm, well"},
        {"type": "response.output_text.delta", **text, "delta": "Hello "},
        {"type": "response.function_call_arguments.delta", **arguments, "delta": '{"to":'},
        {"type": "response.output_text.delta", **text, "delta": "world"},
        {"type": "response.output_text.done", **text, "text": "Hello world"},
        {"type": "response.output_text.delta", **text, "content_index": 1, "delta": "Second part"},
        {"type": "response.function_call_arguments.delta", **arguments, "delta": '"jo"}'},
    ]
    assert assembled(FORMAT, stream) == {
        ("text", 0): "Hello world",
        ("text", 1): "Second part",
        ("tool_call", 0): '{"to":"jo"}',
        ("reasoning", 0): "Hm, well",
    }


def test_done_events_end_their_text_and_the_last_event_ends_all() -> None:
    event = {"item_id": "msg_1", "content_index": 0}
    delta = FORMAT.pieces({"type": "response.output_text.delta", **event, "delta": "x"})
    assert FORMAT.closed({"type": "response.output_text.done", **event, "text": "x"}) == [delta[0].key]
    assert FORMAT.closed({"type": "response.output_text.delta", **event, "delta": "x"}) == ()
    assert FORMAT.closed({"type": "response.completed", "response": {}}) is None


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ({"type": "response.function_call_arguments.done", "item_id": "fc_1", "arguments": "{}"}, ("arguments",)),
        (
            {"type": "response.output_item.done", "item": {"type": "function_call", "id": "fc_1", "arguments": "{}"}},
            ("item", "arguments"),
        ),
        (
            {"type": "response.completed", "response": {"output": [{"content": [{"text": "x"}]}, {"arguments": "{}"}]}},
            ("response", "output", 1, "arguments"),
        ),
    ],
)
def test_whole_arguments_in_events_are_json_source(message: Any, path: tuple[str | int, ...]) -> None:
    pieces = FORMAT.pieces(message)
    assert [(piece.path, piece.channel) for piece in pieces] == [(path, Channel.TOOL_CALL)]


def test_whole_answer(assembled: Any) -> None:
    answer = {
        "object": "response",
        "output": [
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm"}]},
            {"type": "message", "content": [{"type": "output_text", "text": "Hello"}]},
            {"type": "function_call", "call_id": "call_1", "arguments": "{}"},
        ],
    }
    assert assembled(FORMAT, [answer]) == {("reasoning", 0): "Hm", ("text", 0): "Hello", ("tool_call", 0): "{}"}


def test_input_of_custom_tools_is_not_json_source() -> None:
    pieces = FORMAT.pieces({"type": "response.custom_tool_call_input.delta", "item_id": "ct_1", "delta": "*** Begin"})
    assert [piece.channel for piece in pieces] == [Channel.REASONING]


def test_an_upgrade_that_is_refused_sends_the_client_to_its_other_way() -> None:
    notice = Notice("pg-0001", "Not sent", "Your access is paused.")
    upgrade = Request("GET", "api.openai.com", "/v1/responses", headers={"upgrade": "websocket"})
    answer = FORMAT.refuse_stream(upgrade, None, notice)
    assert answer is not None
    assert (answer.status, answer.headers["upgrade"]) == (426, "HTTP/1.1")
    assert orjson.loads(answer.body)["error"]["message"] == "Your access is paused."
    assert FORMAT.refuse_stream(Request("POST", "api.openai.com", "/v1/responses"), None, notice) is None
