"""All clients under test."""

from __future__ import annotations

from harness.clients.aider import Aider
from harness.clients.claude_code import ClaudeCode
from harness.clients.codex import Codex, CodexPost
from harness.clients.gemini_cli import GeminiCli
from harness.clients.interface import Client
from harness.clients.llm import Llm
from harness.clients.opencode import OpenCode
from harness.clients.sdks import GrpcSdk, OldNodeSdk, Sdk

_OPENAI = ("api.openai.com", {"OPENAI_API_KEY": "stand-in"})
_ANTHROPIC = ("api.anthropic.com", {"ANTHROPIC_API_KEY": "stand-in"})
_GEMINI = ("generativelanguage.googleapis.com", {"GEMINI_API_KEY": "stand-in"})
_MISTRAL = ("api.mistral.ai", {"MISTRAL_API_KEY": "stand-in"})
_COHERE = ("api.cohere.com", {"CO_API_KEY": "stand-in"})
_OLLAMA = ("ollama.com", {"OLLAMA_API_KEY": "stand-in"})
_HUGGING_FACE = ("router.huggingface.co", {"HF_TOKEN": "stand-in", "HF_HUB_DISABLE_TELEMETRY": "1"})
_BEDROCK = "bedrock-runtime.us-east-1.amazonaws.com"
_AWS_API_KEY = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_BEARER_TOKEN_BEDROCK": "stand-in"}
_AWS_SIGNED = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "stand-in",
    "AWS_SECRET_ACCESS_KEY": "stand-in",
}
_LITELLM = {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}

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
    Sdk("ask_boto3.py", "converse", _BEDROCK, _AWS_API_KEY, "libraries"),
    Sdk("ask_boto3.py", "converse_stream", _BEDROCK, _AWS_API_KEY, "libraries"),
    Sdk("ask_boto3.py", "converse_stream", _BEDROCK, _AWS_SIGNED, "libraries", signed=True),
    Sdk("ask_boto3.py", "invoke_model", _BEDROCK, _AWS_SIGNED, "libraries", signed=True),
    Sdk("ask_litellm.py", "mistral", _MISTRAL[0], _MISTRAL[1] | _LITELLM, "libraries"),
    Sdk("ask_langchain.py", "stream", *_OPENAI, "libraries"),
    Sdk("ask_langchain.py", "invoke", *_OPENAI, "libraries"),
    Sdk("ask_mistral.py", "stream", *_MISTRAL, "libraries"),
    Sdk("ask_mistral.py", "complete", *_MISTRAL, "libraries"),
    Sdk("ask_cohere.py", "stream", *_COHERE, "libraries"),
    Sdk("ask_cohere.py", "chat", *_COHERE, "libraries"),
    Sdk("ask_ollama.py", "stream", *_OLLAMA, "libraries"),
    Sdk("ask_ollama.py", "chat", *_OLLAMA, "libraries"),
    Sdk("ask_huggingface.py", "stream", *_HUGGING_FACE, "libraries"),
    Sdk("ask_ai.mjs", "openai-generate", *_OPENAI, "ai"),
    Sdk("ask_ai.mjs", "openai-stream", *_OPENAI, "ai"),
    Sdk("ask_ai.mjs", "anthropic-generate", *_ANTHROPIC, "ai"),
    Sdk("ask_ai.mjs", "anthropic-stream", *_ANTHROPIC, "ai"),
    Sdk("ask_mcp.py", "http", "mcp.deepwiki.com", {}, "libraries"),
    Sdk("ask_mcp.py", "sse", "mcp.deepwiki.com", {}, "libraries"),
    GrpcSdk("ask_grpc.py", "unary", _GEMINI[0], {}, "libraries"),
    GrpcSdk("ask_grpc.py", "stream", _GEMINI[0], {}, "libraries"),
    Sdk("ask_signalr.mjs", "chat", "substrate.office.com", {}, "ai"),
    Llm("gpt-4o-mini", _OPENAI[0], "OPENAI_API_KEY"),
    Llm("anthropic/claude-haiku-4-5-20251001", _ANTHROPIC[0], "ANTHROPIC_API_KEY"),
    Aider(),
    ClaudeCode(),
    Codex(),
    CodexPost(),
    GeminiCli(),
    OpenCode(),
)
