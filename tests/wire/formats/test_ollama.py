from __future__ import annotations

import base64
from typing import Any

import orjson

from promptguard.wire.documents.json import JsonDocument
from promptguard.wire.formats.ollama import Ollama

FORMAT = Ollama()
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256))).decode()


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


def test_words_of_the_message_stand_in_for_its_pictures() -> None:
    said = "[not sent]"
    first, second = ({"role": "user", "content": text, "images": [PICTURE, PICTURE, PICTURE]} for text in ("see", ""))
    document = JsonDocument(orjson.dumps({"messages": [first, second], "images": [PICTURE]}))
    parts = {file.path: part for file in document.files() if (part := FORMAT.text_part(file.path, said))}
    assert [path[1:] for path in parts] == [(number, "images", place) for number in (0, 1) for place in (0, 1, 2)]
    del parts["messages", 0, "images", 1]
    changed = [
        {"role": "user", "content": f"see\n{said}", "images": [PICTURE]},
        {"role": "user", "content": said, "images": []},
    ]
    assert orjson.loads(document.replace(parts)) == {"messages": changed, "images": [PICTURE]}
