"""Kimi's blocks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.wire.formats.samples.interface import enveloped
from tests.wire.formats.samples.kimi_web import SAMPLE

from promptguard.model import Notice
from promptguard.wire.formats import Format, Formats
from promptguard.wire.notice_styles import refuse


def block(op: str, mask: str, kind: str, text: str) -> dict[str, Any]:
    return {"op": op, "mask": mask, "block": {kind: {"content": text}}}


def test_blocks_make_up_texts(formats: Formats, assembled: Callable[[Format, list[Any]], dict[Any, str]]) -> None:
    messages = [
        {"op": "set", "mask": "chat", "chat": {"id": "c"}},
        block("set", "block.think", "think", "Let"),
        block("append", "block.think.content", "think", " me"),
        block("set", "block.text", "text", "Wri"),
        {"heartbeat": {}},
        block("append", "block.text.content", "text", "te"),
        {"message": {"role": "assistant", "status": "MESSAGE_STATUS_COMPLETED"}},
        block("set", "block.text", "text", "New"),
        block("append", "message.status", "text", "no text"),
    ]
    assert assembled(formats["kimi_web"], messages) == {
        ("reasoning", 0): "Let me",
        ("text", 0): "Write",
        ("text", 1): "New",
    }


def test_the_notice_ends_the_stream(formats: Formats) -> None:
    answer = refuse(formats["kimi_web"], SAMPLE.request(), None, Notice("pg-1", "Nothing was sent", "Stopped."))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/connect+json")
    error = json.loads(answer.body[5:])["error"]
    assert answer.body == enveloped(answer.body[5:], flags=2)
    assert (error["code"], error["message"]) == ("permission_denied", "Stopped.")
