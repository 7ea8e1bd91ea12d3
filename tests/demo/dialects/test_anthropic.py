"""The `anthropic` package understands the stand-in."""

from __future__ import annotations

from typing import Any

import anthropic
import pytest


@pytest.fixture
def client(base_url: str) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key="any", base_url=base_url)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("prompt", "content"),
    [
        ("hello", {"type": "text", "text": "You wrote: hello"}),
        ('!tool mail say "hi"', {"type": "tool_use", "name": "mail", "input": {"text": 'say "hi"'}}),
    ],
)
def test_message(client: anthropic.Anthropic, stream: bool, prompt: str, content: dict[str, Any]) -> None:
    messages: Any = [{"role": "user", "content": prompt}]
    if stream:
        with client.messages.stream(model="m", max_tokens=9, messages=messages) as running:
            message = running.get_final_message()
    else:
        message = client.messages.create(model="m", max_tokens=9, messages=messages)
    (block,) = message.content
    assert block.model_dump(include=set(content)) == content
    assert message.stop_reason == ("tool_use" if content["type"] == "tool_use" else "end_turn")


def test_count_tokens(client: anthropic.Anthropic) -> None:
    messages: Any = [{"role": "user", "content": "one two three"}]
    assert client.messages.count_tokens(model="m", messages=messages).input_tokens == 3
