"""The clients of the demonstration: the vendors' own packages where they are installed, plain HTTP where not."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import httpx

_KEY = "stand-in"
"""The stand-in provider takes any key."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a client got back for one prompt."""

    text: str
    """The answer, or the message of the client's own error."""
    status: int
    headers: Mapping[str, str]


type Client = Callable[[str], Reaction]
"""Sends a prompt and waits for the whole answer."""


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a while: the clients find the proxy by them, as on a laptop."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def openai_client() -> Client:
    """Sends a prompt to OpenAI's chat completions and streams the answer."""
    if find_spec("openai") is None:
        return _plain_openai()
    import openai

    client = openai.OpenAI(api_key=_KEY)

    def ask(prompt: str) -> Reaction:
        try:
            raw = client.chat.completions.with_raw_response.create(
                model="gpt-5", messages=[{"role": "user", "content": prompt}], stream=True
            )
        except openai.APIStatusError as error:
            return _refusal(error.response)
        chunks = [chunk.choices[0].delta.content or "" for chunk in raw.parse() if chunk.choices]
        return Reaction("".join(chunks), raw.status_code, raw.headers)

    return ask


def anthropic_client() -> Client:
    """Sends a prompt to Anthropic's messages."""
    if find_spec("anthropic") is None:
        return _plain_anthropic()
    import anthropic

    client = anthropic.Anthropic(api_key=_KEY)

    def ask(prompt: str) -> Reaction:
        try:
            raw = client.messages.with_raw_response.create(
                model="claude-stand-in", max_tokens=500, messages=[{"role": "user", "content": prompt}]
            )
        except anthropic.APIStatusError as error:
            return _refusal(error.response)
        text = "".join(block.text for block in raw.parse().content if block.type == "text")
        return Reaction(text, raw.status_code, raw.headers)

    return ask


def web_chat_client() -> Client:
    """Posts a prompt as the page of chatgpt.com does."""
    client = _plain_client()

    def ask(prompt: str) -> Reaction:
        message = {"author": {"role": "user"}, "content": {"content_type": "text", "parts": [prompt]}}
        response = client.post(
            "https://chatgpt.com/backend-api/conversation", json={"action": "next", "messages": [message]}
        )
        if response.is_error:
            return _refusal(response)
        return Reaction(page_text(response.text), response.status_code, response.headers)

    return ask


def page_text(stream: str) -> str:
    """The text that chatgpt.com's page shows for a stream of its JSON patches."""
    text, path, operation = "", "", ""
    for line in stream.splitlines():
        data = line.removeprefix("data: ")
        patch = json.loads(data) if data != line and data.startswith("{") else {}
        if "v" not in patch:
            continue
        path, operation = patch.get("p", path), patch.get("o", operation)
        steps = patch["v"] if operation == "patch" else [{"p": path, "o": operation, "v": patch["v"]}]
        text += "".join(step["v"] for step in steps if step["o"] == "append")
    return text


def _plain_openai() -> Client:
    def text(body: Any) -> str:
        return str(body["choices"][0]["message"]["content"])

    return _plain("https://api.openai.com/v1/chat/completions", {"model": "gpt-5"}, text)


def _plain_anthropic() -> Client:
    def text(body: Any) -> str:
        return str(body["content"][0]["text"])

    return _plain("https://api.anthropic.com/v1/messages", {"model": "claude-stand-in", "max_tokens": 500}, text)


def _plain(url: str, head: Mapping[str, object], text: Callable[[Any], str]) -> Client:
    client = _plain_client()

    def ask(prompt: str) -> Reaction:
        response = client.post(url, json={**head, "messages": [{"role": "user", "content": prompt}]})
        if response.is_error:
            return _refusal(response)
        return Reaction(text(response.json()), response.status_code, response.headers)

    return ask


def _plain_client() -> httpx.Client:
    # httpx reads HTTPS_PROXY by itself, and SSL_CERT_FILE in some of its versions only.
    return httpx.Client(verify=ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE")), timeout=60)


def _refusal(response: Any) -> Reaction:
    """A refused request: all providers in the demonstration have `error.message` in their errors."""
    return Reaction(str(response.json()["error"]["message"]), response.status_code, response.headers)
