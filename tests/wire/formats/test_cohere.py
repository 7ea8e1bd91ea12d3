from __future__ import annotations

from typing import Any

from promptguard.wire.formats.cohere import Cohere

FORMAT = Cohere()


def test_voices(voices: Any) -> None:
    arguments = '{"city":"Kiel"}'
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Weather?"},
        {
            "role": "assistant",
            "tool_plan": "I look",
            "tool_calls": [{"function": {"name": "w", "arguments": arguments}}],
        },
        {"role": "tool", "tool_call_id": "w_1", "content": [{"type": "document", "document": {"data": "11 degrees"}}]},
    ]
    found = voices(FORMAT, {"model": "command-a", "messages": messages, "documents": [{"data": {"text": "A file"}}]})
    assert found["Be kind."] == ("system", "history")
    assert found["I look"] == ("assistant", "history")
    assert found["Kiel"] == ("tool_call", "history")
    assert found["11 degrees"][1] == "new"
    assert found["A file"] == ("file", "new")


def test_voices_of_the_first_version(voices: Any) -> None:
    history = [{"role": "USER", "message": "Hello"}, {"role": "CHATBOT", "message": "Good day"}]
    found = voices(FORMAT, {"message": "Weather?", "chat_history": history, "preamble": "Be kind."})
    assert found["Weather?"] == ("user", "new")
    assert found["Hello"] == ("user", "history")
    assert found["Good day"] == ("assistant", "history")
    assert found["Be kind."] == ("system", "history")


def event(kind: str, message: dict[str, Any], index: int = 0) -> dict[str, Any]:
    return {"type": kind, "index": index, "delta": {"message": message}}


def test_streamed_answer(assembled: Any) -> None:
    stream = [
        {"type": "message-start", "id": "1", "delta": {"message": {"role": "assistant", "content": []}}},
        event("tool-plan-delta", {"tool_plan": "I "}),
        event("tool-plan-delta", {"tool_plan": "look"}),
        event("tool-call-start", {"tool_calls": {"function": {"name": "w", "arguments": ""}}}),
        event("tool-call-delta", {"tool_calls": {"function": {"arguments": '{"to":'}}}),
        event("tool-call-delta", {"tool_calls": {"function": {"arguments": '"jo"}'}}}),
        event("tool-call-end", {}),
        event("content-start", {"content": {"type": "text", "text": ""}}),
        event("content-delta", {"content": {"text": "Hello "}}),
        event("content-delta", {"content": {"text": "world"}}),
        event("content-end", {}),
        {"type": "message-end", "delta": {"finish_reason": "COMPLETE"}},
    ]
    assert assembled(FORMAT, stream) == {
        ("reasoning", 0): "I look",
        ("tool_call", 0): '{"to":"jo"}',
        ("text", 0): "Hello world",
    }
    assert FORMAT.closed(stream[-1]) is None
    assert FORMAT.closed(stream[-2]) == [("content", 0)]


def test_streamed_answer_of_the_first_version(assembled: Any) -> None:
    stream = [{"event_type": "text-generation", "text": "Hello "}, {"event_type": "text-generation", "text": "world"}]
    assert assembled(FORMAT, stream) == {("text", 0): "Hello world"}
    assert FORMAT.closed({"event_type": "stream-end", "response": {"text": "Hello world"}}) is None


def test_whole_answers(assembled: Any) -> None:
    calls = [{"function": {"arguments": "{}"}}]
    answer = {"id": "1", "message": {"content": [{"type": "text", "text": "Hello"}], "tool_calls": calls}}
    assert assembled(FORMAT, [answer]) == {("text", 0): "Hello", ("tool_call", 0): "{}"}
    assert assembled(FORMAT, [{"text": "Hello"}]) == {("text", 0): "Hello"}
