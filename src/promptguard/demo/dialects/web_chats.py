"""The web chats chatgpt.com and claude.ai: their conversation calls, and a small page that makes them.

Neither has public documentation: the shapes are those that their own pages use, kept to what a conversation needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptguard.demo.dialects.anthropic import message_events
from promptguard.demo.dialects.interface import (
    EVENT_STREAM,
    Call,
    Json,
    Reply,
    event,
    last_text,
    text_of,
    think,
)
from promptguard.demo.pages import CHATGPT_PAGE, CLAUDE_PAGE

_CHATGPT_PATHS = frozenset(
    f"/backend-{audience}/{draft}conversation" for audience in ("api", "anon") for draft in ("", "f/")
)
_CLAUDE_PATH = re.compile(r"/api/organizations/[^/]+/chat_conversations/[^/]+/(?:retry_)?completion")


def answer_chatgpt(call: Call) -> Reply | None:
    """The reply to a call on chatgpt.com."""
    if call.method == "GET" and call.path == "/":
        return Reply([CHATGPT_PAGE.encode()], "text/html; charset=utf-8")
    if call.method == "POST" and call.path in _CHATGPT_PATHS and isinstance(call.body, dict):
        return Reply(_deltas(call, think(_chatgpt_prompt(call.body)).text), EVENT_STREAM)
    return None


def answer_claude(call: Call) -> Reply | None:
    """The reply to a call on claude.ai."""
    if call.method == "GET" and call.path == "/":
        return Reply([CLAUDE_PAGE.encode()], "text/html; charset=utf-8")
    if call.method == "POST" and _CLAUDE_PATH.fullmatch(call.path) and isinstance(call.body, dict):
        prompt = text_of(call.body.get("prompt"))
        return Reply(message_events(call, think(prompt), prompt, "stand-in-1"), EVENT_STREAM)
    return None


def _chatgpt_prompt(body: dict[str, Json]) -> str:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not isinstance(messages[-1], dict):
        return ""
    content = messages[-1].get("content")
    return last_text(content.get("parts")) if isinstance(content, dict) else text_of(content)


def _deltas(call: Call, text: str) -> Iterator[bytes]:
    """The page's `delta_encoding` v1: JSON patches in which a left-out path and operation mean "as before"."""
    place = "/message/content/parts/0"
    conversation = str(call.body.get("conversation_id") or "conversation-1")
    message: Json = {
        "id": "message-1",
        "author": {"role": "assistant", "name": None, "metadata": {}},
        "content": {"content_type": "text", "parts": [""]},
        "status": "in_progress",
        "end_turn": None,
    }
    opening = {"message": message, "conversation_id": conversation, "error": None}
    yield event("v1", "delta_encoding")
    yield event({"p": "", "o": "add", "v": opening, "c": 0}, "delta")
    *pieces, last = list(call.pieces(text)) or [""]
    for number, piece in enumerate(pieces):
        yield event({"p": place, "o": "append", "v": piece} if number == 0 else {"v": piece}, "delta")
    ending = [
        {"p": place, "o": "append", "v": last},
        {"p": "/message/status", "o": "replace", "v": "finished_successfully"},
        {"p": "/message/end_turn", "o": "replace", "v": True},
    ]
    yield event({"p": "", "o": "patch", "v": ending}, "delta")
    yield event({"type": "message_stream_complete", "conversation_id": conversation})
    yield b"data: [DONE]\n\n"
