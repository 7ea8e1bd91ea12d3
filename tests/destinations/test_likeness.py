from __future__ import annotations

from typing import Any

import pytest

from promptguard.destinations.likeness import looks_like_ai, speaks_like_ai


@pytest.mark.parametrize(
    "host",
    [
        "chat.fabrikam.ai", "api.openai-proxy.example", "my-gpt.example", "gpt4all.example", "copilot.fabrikam.com",
        "llm.intern.example", "inference.example.net", "eu.mcp.example.com", "chatgpt-free.example", "ai.fabrikam.com",
        "fabrikam-ai.example", "freeclaude.example", "assistants.example", "hello.chat", "agent1.example.io",
    ],
)  # fmt: skip
def test_names_of_ai_services(host: str) -> None:
    assert looks_like_ai(host)


@pytest.mark.parametrize(
    "host",
    [
        "www.example.com", "airbnb.com", "mail.hawaii.gov", "www.thai-airways.example", "emails.example.com",
        "claudette.example", "graph.microsoft.com", "chatham.example", "1.2.3.4", "2001:db8::ai", "detail.example",
        "geminiano.example", "agency.example", "promptly.example", "magenta.example", "",
    ],
)  # fmt: skip
def test_other_names(host: str) -> None:
    assert not looks_like_ai(host)


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        ({"model": "m", "messages": [{"role": "user", "content": "hi"}]}, "chat"),
        ({"model": "m", "messages": [{"role": "user", "parts": []}, {"role": "a", "tool_calls": []}]}, "chat"),
        ({"model": "m", "input": "hi", "instructions": "x"}, "responses"),
        ({"contents": [{"parts": [{"text": "hi"}]}]}, "gemini"),
        ({"model": "m", "request": {"contents": [{"parts": []}]}}, "gemini"),
        ({"model": "m", "prompt": "hi"}, "completion"),
        ({"inputs": "hi", "parameters": {"max_new_tokens": 3}}, "text-generation"),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {}}, "mcp"),
        ({"messages": [{"role": "user", "content": "hi"}]}, ""),
        ({"model": "Golf", "input": "diesel"}, ""),
        ({"model": "m", "messages": ["hi"]}, ""),
        ({"jsonrpc": "2.0", "method": "eth_call"}, ""),
        ([{"model": "m"}], ""),
        ("text", ""),
        (None, ""),
    ],
)
def test_shapes_of_apis(body: Any, shape: str) -> None:
    assert speaks_like_ai(body) == shape
