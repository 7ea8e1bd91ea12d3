from __future__ import annotations

from typing import Any

import pytest

from promptguard.wire.formats.gemini import Gemini
from promptguard.wire.parts import Part

FORMAT = Gemini()

CONTENTS = [
    {"role": "user", "parts": [{"text": "What is the weather?"}]},
    {"role": "model", "parts": [{"functionCall": {"name": "weather", "args": {"city": "Kiel"}}}]},
    {"role": "user", "parts": [{"functionResponse": {"name": "weather2", "response": {"result": "11 degrees"}}}]},
    {"parts": [{"text": "And then?"}, {"fileData": {"fileUri": "https://example.org/f"}}]},
]
BODY = {
    "contents": CONTENTS,
    "systemInstruction": {"parts": [{"text": "Be kind."}]},
    "tools": [{"functionDeclarations": [{"name": "weather3", "description": "Tells the weather."}]}],
}


@pytest.mark.parametrize("body", [BODY, {"project": "p-1", "request": BODY}, {"generateContentRequest": BODY}])
def test_voices(voices: Any, body: Any) -> None:
    found = voices(FORMAT, body)
    assert found["Be kind."] == ("system", "history")
    assert found["Tells the weather."] == ("tool_definition", "history")
    assert found["What is the weather?"] == ("user", "history")
    assert found["Kiel"] == ("tool_call", "history")
    assert found["11 degrees"] == ("tool_result", "new")
    assert found["And then?"] == ("user", "new")
    assert found["https://example.org/f"] == ("file", "new")


def answer(*parts: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": list(parts)}, "index": 0}
    return {"candidates": [{**candidate, "finishReason": finish} if finish else candidate]}


def test_streamed_answer(assembled: Any) -> None:
    stream = [
        answer({"text": "Hm", "thought": True}),
        answer({"text": ", well", "thought": True}, {"text": "Hello "}),
        answer({"text": "world"}, finish="STOP"),
    ]
    assert assembled(FORMAT, stream) == {("reasoning", 0): "Hm, well", ("text", 0): "Hello world"}
    assert assembled(FORMAT, [{"response": message} for message in stream]) == assembled(FORMAT, stream)


def test_an_empty_last_message_ends_the_text() -> None:
    closed = FORMAT.closed(answer({"text": ""}, finish="STOP"))
    assert closed is not None
    assert FORMAT.pieces(answer({"text": "x"}))[0].key in closed
    assert FORMAT.closed(answer({"text": "x"})) == []


def test_function_calls_are_no_pieces() -> None:
    assert FORMAT.pieces(answer({"functionCall": {"name": "f", "args": {"to": "jo"}}})) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("contents", 0, "parts", 1, "inlineData", "data"), {"text": "-"}),
        (
            ("contents", 0, "parts", 1, "functionResponse", "parts", 0, "inlineData", "data"),
            {"inlineData": {"mimeType": "text/plain", "data": "LQ=="}},
        ),
        (("instances", 0, "image", "bytesBase64Encoded"), None),
    ],
)
def test_what_stands_in_for_a_file(path: tuple[str | int, ...], expected: Any) -> None:
    assert FORMAT.text_part(path, "-") == (Part(expected) if expected else None)
