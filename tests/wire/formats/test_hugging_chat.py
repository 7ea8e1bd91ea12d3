"""HuggingChat's padded tokens."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from promptguard.model import Restoration
from promptguard.redaction.frames import FrameRestorer
from promptguard.redaction.stream_restorer import FramedRestorer
from promptguard.wire.formats import Format, Formats
from promptguard.wire.framings import load_framings

PLACEHOLDER = "[EMAIL_ADDRESS_7KQ2M4XB]"


def test_messages_make_up_texts(formats: Formats, assembled: Callable[[Format, list[Any]], dict[Any, str]]) -> None:
    messages = [
        {"type": "reasoning", "token": "Let me"},
        {"type": "stream", "token": "Wri"},
        {"type": "status", "status": "keepAlive"},
        {"type": "stream", "token": "te"},
        {"type": "finalAnswer", "text": "Write"},
        {"type": "stream", "token": "New"},
    ]
    assert assembled(formats["hugging_chat"], messages) == {
        ("reasoning", 0): "Let me",
        ("text", 0): "Write",
        ("text", 1): "New",
    }


@pytest.mark.parametrize("size", [1, 3, 7, 16])
def test_padded_tokens_are_restored(formats: Formats, size: int) -> None:
    text = f"Write to {PLACEHOLDER} now."
    tokens = [text[start : start + size].ljust(16, "\0") for start in range(0, len(text), size)]
    messages: list[Any] = [{"type": "stream", "token": token} for token in tokens]
    messages.append({"type": "finalAnswer", "text": text})
    body = b"".join(json.dumps(message).encode() + b"\n" for message in messages)
    restorer = FrameRestorer(formats["hugging_chat"], Restoration({PLACEHOLDER: "anna@corp.example"}))
    stream = FramedRestorer(load_framings()["json_lines"].decoder(), restorer)
    out = [json.loads(line) for line in b"".join([*stream.feed(body), *stream.finish()]).splitlines()]
    said = "".join(message["token"].replace("\0", "") for message in out if message["type"] == "stream")
    assert said == out[-1]["text"] == "Write to anna@corp.example now."
