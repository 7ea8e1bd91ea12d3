"""All clients under test."""

from __future__ import annotations

from harness.clients.aider import Aider
from harness.clients.claude_code import ClaudeCode
from harness.clients.codex import Codex, CodexPost
from harness.clients.gemini_cli import GeminiCli
from harness.clients.interface import Client
from harness.clients.llm import Llm
from harness.clients.opencode import OpenCode
from harness.clients.sdks import OldNodeSdk, Sdk

_OPENAI = ("api.openai.com", {"OPENAI_API_KEY": "stand-in"})
_ANTHROPIC = ("api.anthropic.com", {"ANTHROPIC_API_KEY": "stand-in"})
_GEMINI = ("generativelanguage.googleapis.com", {"GEMINI_API_KEY": "stand-in"})

CLIENTS: tuple[Client, ...] = (
    Sdk("ask_openai.py", "chat", *_OPENAI),
    Sdk("ask_openai.py", "responses", *_OPENAI),
    Sdk("ask_anthropic.py", "messages", *_ANTHROPIC),
    Sdk("ask_genai.py", "stream", *_GEMINI),
    Sdk("ask_openai.mjs", "chat", *_OPENAI),
    Sdk("ask_openai.mjs", "responses", *_OPENAI),
    Sdk("ask_anthropic.mjs", "messages", *_ANTHROPIC),
    OldNodeSdk("ask_openai.mjs", "chat", *_OPENAI),
    OldNodeSdk("ask_anthropic.mjs", "messages", *_ANTHROPIC),
    Llm("gpt-4o-mini", _OPENAI[0], "OPENAI_API_KEY"),
    Llm("anthropic/claude-haiku-4-5-20251001", _ANTHROPIC[0], "ANTHROPIC_API_KEY"),
    Aider(),
    ClaudeCode(),
    Codex(),
    CodexPost(),
    GeminiCli(),
    OpenCode(),
)
