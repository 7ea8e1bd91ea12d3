"""Parts of messages that say a text, to stand in the place of parts that hold a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from promptguard.model import Path

_TYPED: Final = frozenset({"audio_url", "document_url", "file", "image_url", "input_audio", "source", "video_url"})
"""Members beside a `type` that hold a file, or a URL with one: OpenAI and all that copy it (Mistral, Cohere …), and
Anthropic."""

_UNIONS: Final = frozenset({"audio", "document", "image", "video"})
"""Members that are the kind of a part themselves (Bedrock's Converse and Amazon Nova: a union of `text`, `image` …); in
parts with a `type`, strings (duck.ai, Vercel's AI SDK)."""

_INLINE: Final = frozenset({"inlineData", "inline_data", "raw"})
"""Members of Gemini's parts and those of A2A 1.0, which know no type."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is to stand where a file is a part of a message: another part, in its place in the list of parts."""

    value: Any
    beside: str = ""
    """Where the list holds nothing but files: the member beside the list that says the value, which is a text then."""


def text_part(path: Path, text: str) -> Part | None:
    """What says a text in place of the part that holds the file at a path; None where such parts are not known."""
    place = next((end for end in range(len(path) - 1, -1, -1) if isinstance(path[end], int)), 0)
    if not place or place + 1 >= len(path):
        return None
    holder, name, deep = path[place - 1], path[place + 1], len(path) > place + 2
    typed = Part({"type": "text", "text": text})
    if holder == "content":
        if name in _UNIONS and deep:
            return Part({"text": text})
        return typed if name in _TYPED | _UNIONS | {"data", "resource"} else None  # the last two: MCP, the AI SDK
    if holder != "parts":
        return None
    if name == "file":  # A2A up to 0.3
        return Part({"kind": "text", "text": text})
    if name in _INLINE:
        return Part({"text": text})
    return typed if name in {"url", "data"} else None  # messages of the AI SDK's pages
