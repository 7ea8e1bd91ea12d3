"""Whether a host looks like an AI service: by its name, or by what is said to it.

A registry is never complete, and services move. What looks like one and is not listed is told to the company, nothing
more: no traffic is decrypted or refused for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_PART: Final = (
    "ai|a-i|aigc|genai|gpt|chatgpt|llms?|slm|copilot|chatbots?|assistants?|openai|anthropic|claude|gemini|bard|mistral"
    "|llama|ollama|vllm|huggingface|deepseek|qwen|kimi|grok|perplexity|cohere|bedrock|vertex|inference|completions?|mcp"
    "|agents?|prompts?|embeddings?|transformers?|stablediffusion|midjourney|whisper|copywriter|notetaker"
)
_WORD: Final = re.compile(rf"(?:^|[.-])(?:{_PART})\d*(?=[.-]|$)")
_PIECE: Final = re.compile(r"gpt|openai|chatbot|copilot|llm(?!s?ports)|deepseek|claude(?!tte)|ollama|huggingface")
_DOMAIN: Final = re.compile(r"\.(?:ai|chat|bot)$")
"""Top-level domains that AI services choose. `.ai` is Anguilla's, and few of its hosts are anything else."""

_IP: Final = re.compile(r"[\d.]+|.*:.*")


def looks_like_ai(host: str) -> bool:
    """Whether a host's name, in small letters, is like those of AI services."""
    if _IP.fullmatch(host):
        return False
    return bool(_DOMAIN.search(host) or _WORD.search(host) or _PIECE.search(host))


def speaks_like_ai(body: Any) -> str:
    """The id of the API whose shape a parsed body has; empty for none.

    Only members that together are no other API's: a model and what it is to answer to.
    """
    if not isinstance(body, Mapping):
        return ""
    for name, shape in _SHAPES.items():
        if shape(body):
            return name
    return ""


def _messages(body: Mapping[str, Any]) -> bool:
    """https://platform.openai.com/docs/api-reference/chat and those that took it over."""
    return "model" in body and _each_has(body.get("messages"), "role", ("content", "parts", "tool_calls"))


def _responses(body: Mapping[str, Any]) -> bool:
    """https://platform.openai.com/docs/api-reference/responses"""
    return "model" in body and ("input" in body) and bool(_RESPONSES & body.keys())


_RESPONSES: Final = frozenset({"instructions", "previous_response_id", "store", "reasoning", "tools", "include"})


def _contents(body: Mapping[str, Any]) -> bool:
    """https://ai.google.dev/api/generate-content, also wrapped as Code Assist does."""
    inner = body.get("request")
    return any(_each_has(each.get("contents"), "parts", ()) for each in (body, inner) if isinstance(each, Mapping))


def _prompt(body: Mapping[str, Any]) -> bool:
    """https://platform.openai.com/docs/api-reference/completions, https://docs.ollama.com/api/generate"""
    return "model" in body and isinstance(body.get("prompt"), str | list)


def _inputs(body: Mapping[str, Any]) -> bool:
    """https://huggingface.co/docs/inference-providers: text generation."""
    parameters = body.get("parameters")
    return isinstance(body.get("inputs"), str) and isinstance(parameters, Mapping) and "max_new_tokens" in parameters


def _tool_call(body: Mapping[str, Any]) -> bool:
    """https://modelcontextprotocol.io/specification: JSON-RPC to an MCP server."""
    method = body.get("method")
    return "jsonrpc" in body and isinstance(method, str) and method.startswith(("tools/", "prompts/", "resources/"))


_SHAPES: Final = {
    "chat": _messages,
    "responses": _responses,
    "gemini": _contents,
    "completion": _prompt,
    "text-generation": _inputs,
    "mcp": _tool_call,
}


def _each_has(items: Any, name: str, some: tuple[str, ...]) -> bool:
    """Whether a list is of objects with a member, and one of some others."""
    return (
        isinstance(items, list)
        and bool(items)
        and all(
            isinstance(item, Mapping) and name in item and (not some or any(other in item for other in some))
            for item in items[:8]
        )
    )
