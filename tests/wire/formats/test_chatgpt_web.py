from __future__ import annotations

from typing import Any

import pytest

from promptguard.wire.formats.chatgpt_web import ChatGPTWeb

FORMAT = ChatGPTWeb()

BODY = {
    "action": "next",
    "messages": [
        {
            "id": "aaa1-b",
            "author": {"role": "user"},
            "content": {"content_type": "text", "parts": ["My question"]},
            "metadata": {"attachments": [{"id": "file-1", "name": "Report.txt"}]},
        }
    ],
    "conversation_id": "6717-abc",
    "parent_message_id": "bbb2-c",
    "model": "gpt-5",
    "timezone": "Europe/Berlin",
}


def test_voices(voices: Any) -> None:
    found = voices(FORMAT, BODY)
    assert found["My question"] == ("user", "new")
    assert found["gpt-5"] == ("other", "new")
    assert found["Europe/Berlin"] == ("other", "new")


def test_what_is_typed_before_it_is_sent(voices: Any) -> None:
    body = {"input_text": "My half que", "num_completions": 4, "in_search_mode": False}
    assert voices(FORMAT, body)["My half que"] == ("user", "new")


def test_names_of_files(voices: Any) -> None:
    body = {"file_name": "Salaries 2026.xlsx", "file_size": 812, "use_case": "my_files"}
    assert voices(FORMAT, body)["Salaries 2026.xlsx"] == ("file", "new")


def added(parts: list[str], role: str = "assistant") -> dict[str, Any]:
    content = {"content_type": "text", "parts": parts}
    return {"p": "", "o": "add", "v": {"message": {"author": {"role": role}, "content": content}}, "c": 1}


STREAM: list[Any] = [
    "v1",
    added(["Be kind."], "system"),
    added([""]),
    {"p": "/message/content/parts/0", "o": "append", "v": "Hello "},
    {"v": "wor"},
    {"v": "ld"},
    {"v": [{"p": "/message/content/parts/0", "o": "append", "v": ", and"}]},
    {
        "p": "",
        "o": "patch",
        "v": [
            {"p": "/message/content/parts/0", "o": "append", "v": " goodbye"},
            {"p": "/message/metadata/token_count", "o": "replace", "v": 12},
            {"p": "/message/status", "o": "replace", "v": "finished_successfully"},
        ],
    },
    added(["Second "]),
    {"v": "answer"},
    {"type": "message_stream_complete", "conversation_id": "6717-abc"},
]


def test_streamed_answer(assembled: Any) -> None:
    assert assembled(FORMAT, STREAM) == {("text", 0): "Hello world, and goodbye", ("text", 1): "Second answer"}


@pytest.mark.parametrize(
    ("event", "ends"),
    [
        ({"v": "more"}, False),
        ({"p": "/message/content/parts/0", "o": "append", "v": "more"}, False),
        ({"p": "/message/status", "o": "replace", "v": "finished_successfully"}, True),
        ({"v": [{"p": "/message/status", "o": "replace", "v": "finished_successfully"}]}, True),
        (added([""]), True),
        ({"type": "message_stream_complete"}, True),
        ({"type": "title_generation", "title": "Hello"}, False),
        ("v1", False),
    ],
)
def test_what_ends_a_text(event: Any, ends: bool) -> None:
    assert (FORMAT.closed(event) is None) is ends


def test_replaced_values_are_no_pieces() -> None:
    assert FORMAT.pieces({"p": "/message/status", "o": "replace", "v": "in_progress"}) == ()
