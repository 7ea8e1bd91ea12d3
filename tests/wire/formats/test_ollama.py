from __future__ import annotations

from typing import Any

from promptguard.wire.formats.ollama import Ollama

FORMAT = Ollama()


def test_voices(voices: Any) -> None:
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Weather?"},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"function": {"name": "w", "arguments": {"city": "Kiel"}}}],
        },
        {"role": "tool", "content": "11 degrees", "tool_name": "w2"},
    ]
    found = voices(FORMAT, {"model": "llama4", "messages": messages})
    assert found["Be kind."] == ("system", "history")
    assert found["Weather?"] == ("user", "history")
    assert found["Kiel"] == ("tool_call", "history")
    assert found["11 degrees"] == ("tool_result", "new")


def test_generate(voices: Any) -> None:
    found = voices(FORMAT, {"model": "llama4", "prompt": "Why?", "system": "Be kind."})
    assert found["Why?"] == ("user", "new")
    assert found["Be kind."] == ("system", "new")


def test_streamed_answer(assembled: Any) -> None:
    stream = [
        {"message": {"role": "assistant", "content": "", "thinking": "Hm"}, "done": False},
        {"message": {"role": "assistant", "content": "Hello "}, "done": False},
        {"message": {"role": "assistant", "content": "world"}, "done": False},
        {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"},
    ]
    assert assembled(FORMAT, stream[:3]) == {("text", 0): "Hello world", ("reasoning", 0): "Hm"}
    assert FORMAT.closed(stream[2]) == ()
    assert FORMAT.closed(stream[3]) is None


def test_whole_answer(assembled: Any) -> None:
    assert assembled(FORMAT, [{"response": "Hello", "done": True}]) == {("text", 0): "Hello"}
