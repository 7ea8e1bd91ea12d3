"""Qwen's phases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from promptguard.wire.formats import Format, Formats


def delta(content: str, phase: str | None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": content, "phase": phase}, **more}]}


def test_each_phase_is_a_text(formats: Formats, assembled: Callable[[Format, list[Any]], dict[Any, str]]) -> None:
    messages = [
        {"response.created": {"chat_id": "c"}},
        delta("Let", "think"),
        delta(" me", "think"),
        delta("Wri", "answer"),
        delta("te", "answer", finish_reason="stop"),
        delta("New", None),
    ]
    assert assembled(formats["qwen_web"], messages) == {
        ("reasoning", 0): "Let me",
        ("text", 0): "Write",
        ("text", 1): "New",
    }
