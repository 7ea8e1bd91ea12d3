from __future__ import annotations

import pytest

from promptguard.demo.dialects.interface import Call, Json, Thought, event, last_text, think


@pytest.mark.parametrize(
    ("prompt", "thought"),
    [
        ("hello", Thought("You wrote: hello")),
        ("", Thought("You wrote: ")),
        ("!say only this\nand this", Thought("only this\nand this")),
        ("!tool send_mail to you", Thought("to you", "send_mail")),
        ("!tool", Thought("", "note")),
        ("please !say this", Thought("You wrote: please !say this")),
    ],
)
def test_thoughts(prompt: str, thought: Thought) -> None:
    assert think(prompt) == thought


@pytest.mark.parametrize(
    ("messages", "text"),
    [
        ("plain", "plain"),
        ([], ""),
        (None, ""),
        ([{"content": "first"}, {"content": "last"}], "last"),
        ([{"content": [{"type": "text", "text": "a"}, {"type": "image"}, {"text": "b"}]}], "ab"),
        ([{"content": [{"type": "tool_result", "content": [{"type": "text", "text": "found"}]}]}], "found"),
        ([{"type": "function_call_output", "output": "done"}], "done"),
    ],
)
def test_last_text(messages: Json, text: str) -> None:
    assert last_text(messages) == text


@pytest.mark.parametrize(
    ("sizes", "pieces"), [((1,), list("abcdef")), ((2, 3), ["ab", "cde", "f"]), ((99,), ["abcdef"])]
)
def test_pieces(sizes: tuple[int, ...], pieces: list[str]) -> None:
    assert list(Call("POST", "", "", {}, None, sizes).pieces("abcdef")) == pieces


def test_events() -> None:
    assert event({"a": "ü"}) == 'data: {"a": "ü"}\n\n'.encode()
    assert event(1, "delta") == b"event: delta\ndata: 1\n\n"
