from __future__ import annotations

from typing import Any

from promptguard.model import Request
from promptguard.wire.formats.claude_web import ClaudeWeb

FORMAT = ClaudeWeb()
PATH = "/api/organizations/11111111-2222/chat_conversations/0198e1b2-77aa-7000-8000-000000000000/completion"
REQUEST = Request("POST", "claude.ai", PATH)

BODY = {
    "prompt": "Summarise this",
    "attachments": [{"file_name": "Report.txt", "file_type": "txt", "extracted_content": "The whole report"}],
    "files": ["0198e1b2-file"],
    "custom_system_prompt": "Be kind.",
    "personalized_styles": [{"prompt": "Normal style"}],
    "tools": [{"type": "web_search_v0", "name": "web_search"}],
    "timezone": "Europe/Berlin",
}


def test_voices(voices: Any) -> None:
    found = voices(FORMAT, BODY)
    assert found["Summarise this"] == ("user", "new")
    assert found["The whole report"] == ("file", "new")
    assert found["Report.txt"] == ("file", "new")
    assert found["Be kind."] == ("system", "new")
    assert found["Normal style"] == ("system", "new")
    assert found["web_search"] == ("tool_definition", "new")
    assert found["Europe/Berlin"] == ("other", "new")


def test_streamed_answer(assembled: Any) -> None:
    stream = [
        {"type": "message_start", "message": {"type": "message", "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello "}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "world"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_limit", "message_limit": {"type": "within_limit"}},
        {"type": "message_stop"},
    ]
    assert assembled(FORMAT, stream) == {("text", 0): "Hello world"}


def test_the_older_stream(assembled: Any) -> None:
    stream = [
        {"type": "completion", "completion": " Hello", "stop_reason": None},
        {"type": "completion", "completion": " world", "stop_reason": None},
        {"type": "completion", "completion": "", "stop_reason": "stop_sequence"},
    ]
    assert assembled(FORMAT, stream[:2]) == {("text", 0): " Hello world"}
    assert FORMAT.closed(stream[1]) == ()
    assert FORMAT.closed(stream[2]) is None
