"""Values planted in all kinds of traffic stand in no file that the proxy writes, and the record proves itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from support.values import planted
from support.wire import exchange, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess, run_promptguard

COUNT = 200
MARKER = "Zwetschgenknoedel"
"""Stands in every prompt: no word of a prompt is written either."""


def chat(text: str) -> tuple[str, bytes]:
    body = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": text}]}).encode()
    return "api.openai.com", request_bytes(body)


def history(text: str) -> tuple[str, bytes]:
    turns = [("user", text), ("assistant", "Yes."), ("user", f"Go on with {MARKER}.")]
    messages = [{"role": role, "content": content} for role, content in turns]
    body = json.dumps({"model": "claude-stand-in", "max_tokens": 9, "messages": messages}).encode()
    return "api.anthropic.com", request_bytes(body, host="api.anthropic.com", path="/v1/messages")


def web_chat(text: str) -> tuple[str, bytes]:
    message = {"author": {"role": "user"}, "content": {"content_type": "text", "parts": [text]}}
    body = json.dumps({"action": "next", "messages": [message]}).encode()
    return "chatgpt.com", request_bytes(body, host="chatgpt.com", path="/backend-api/conversation")


def address(text: str) -> tuple[str, bytes]:
    return "chatgpt.com", request_bytes(b"", host="chatgpt.com", path=f"/?q={quote(text)}", method="GET")


def form(text: str) -> tuple[str, bytes]:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return "api.openai.com", request_bytes(urlencode({"note": text}).encode(), path="/v1/notes", headers=headers)


def broken(text: str) -> tuple[str, bytes]:
    return "api.openai.com", request_bytes(json.dumps({"input": text}).encode()[:-1])


def header(text: str) -> tuple[str, bytes]:
    return "api.openai.com", request_bytes(b"{}", headers={"x-note": text, "authorization": f"Bearer {text}"})


CARRIERS: tuple[Callable[[str], tuple[str, bytes]], ...] = (chat, history, web_chat, address, form, broken, header)


@pytest.fixture(scope="module")
def values() -> list[tuple[str, str]]:
    return planted(COUNT, seed=2026)


@pytest.fixture(scope="module")
def busy_proxy(
    start_proxy: Callable[..., PromptGuardProcess], values: list[tuple[str, str]]
) -> Iterator[PromptGuardProcess]:
    """A proxy that all values were sent through."""
    proxy = start_proxy({"names": {"enabled": False}})
    for number, (sentence, _) in enumerate(values):
        host, payload = CARRIERS[number % len(CARRIERS)](f"{MARKER}: {sentence}")
        answer = exchange(proxy.port, proxy.authority, payload, host=host)
        assert answer.status in (200, 400)
    yield proxy


def written(proxy: PromptGuardProcess) -> Iterator[tuple[Path, bytes]]:
    """Every file of the proxy, its printed output among them."""
    for path in proxy.data.rglob("*"):
        if path.is_file() and path.name != "promptguard-ca-cert.pem":
            yield path, path.read_bytes()


def assert_no_value_written(proxy: PromptGuardProcess, values: list[tuple[str, str]]) -> None:
    needles = [value for _, value in values] + [quote(value) for _, value in values] + [MARKER]
    found = [
        (path.name, needle) for path, content in written(proxy) for needle in needles if needle.encode() in content
    ]
    assert found == []


def test_no_value_is_written_while_running_and_after(
    busy_proxy: PromptGuardProcess, values: list[tuple[str, str]]
) -> None:
    assert len(values) == len({value for _, value in values}) == COUNT
    assert any(path.suffix == ".db" and content for path, content in written(busy_proxy))
    assert_no_value_written(busy_proxy, values)
    assert busy_proxy.stop() == 0
    assert_no_value_written(busy_proxy, values)

    verified = run_promptguard(["audit", "verify", "--config", str(busy_proxy.config), "--data", str(busy_proxy.data)])
    assert verified.returncode == 0, verified.stderr
    exported = run_promptguard(["audit", "export", "--config", str(busy_proxy.config), "--data", str(busy_proxy.data)])
    assert exported.returncode == 0, exported.stderr
    assert exported.stdout.count("\n") >= COUNT
    assert not [value for _, value in values if value in exported.stdout]
    assert MARKER not in exported.stdout
