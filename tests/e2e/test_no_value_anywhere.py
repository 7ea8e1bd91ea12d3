"""Values planted in all kinds of traffic stand in nothing that PromptGuard writes, sends or shows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
from support.console import everything, signed_in
from support.deadline import wait_until
from support.values import planted
from support.wire import exchange, request_bytes
from tests.audit.sinks.conftest import Collector

from promptguard.demo.proxy_process import PromptGuardProcess, free_port, run_promptguard

COUNT = 200
"""Four of each kind of value in each carrier, and more than a page of the console shows."""
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
def collector() -> Iterator[Collector]:
    collector = Collector()
    collector.start()
    yield collector
    collector.stop()


@pytest.fixture(scope="module")
def metrics() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def busy_proxy(
    start_proxy: Callable[..., PromptGuardProcess],
    values: list[tuple[str, str]],
    collector: Collector,
    metrics: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PromptGuardProcess]:
    """A proxy that all values were sent through."""
    token = tmp_path_factory.mktemp("token") / "token"
    token.write_text("0f0e")
    sinks = {
        **{form: {"kind": "file", "path": f"sent.{form}", "form": form} for form in ("jsonl", "ocsf", "ecs")},
        "splunk": {"kind": "splunk_hec", "url": collector.url, "token_file": str(token)},
        "otel": {"kind": "otlp", "url": collector.url},
    }
    settings = {"names": {"enabled": False}, "audit": {"sinks": sinks}, "monitoring": {"listen": metrics}}
    proxy = start_proxy(settings)
    for number, (sentence, _) in enumerate(values):
        carrier = CARRIERS[(number + number // len(CARRIERS)) % len(CARRIERS)]  # another one for the next of this kind
        host, payload = carrier(f"{MARKER}: {sentence}")
        answer = exchange(proxy.port, proxy.authority, payload, host=host)
        assert answer.status in (200, 400)
    yield proxy


def written(proxy: PromptGuardProcess) -> Iterator[tuple[Path, bytes]]:
    """Every file of the proxy, its printed output among them."""
    for path in proxy.data.rglob("*"):
        if path.is_file() and path.name != "promptguard-ca-cert.pem":
            yield path, path.read_bytes()


def exported(client: httpx.Client) -> str:
    return client.get("/decisions/export?form=jsonl").text


def assert_no_value(contents: Iterable[tuple[object, bytes]], values: list[tuple[str, str]]) -> None:
    needles = {form for _, value in values for form in (value, quote(value), escape(value))} | {MARKER}
    found = [(name, needle) for name, content in contents for needle in needles if needle.encode() in content]
    assert found == []


@pytest.mark.timeout(300)
def test_no_value_is_shown_or_sent(
    busy_proxy: PromptGuardProcess, values: list[tuple[str, str]], collector: Collector, metrics: str
) -> None:
    with signed_in(busy_proxy) as client:
        wait_until(lambda: exported(client).count("\n") >= COUNT, "the console has all decisions")
        shown = everything(client)
    decisions = [path for path in shown if re.fullmatch(r"/decision/pg-[0-9A-Z-]+", path)]
    assert len(decisions) >= COUNT
    assert {path for path in shown if path.startswith("/decisions/export")}
    assert_no_value(shown.items(), values)

    measured = httpx.get(f"http://{metrics}/metrics")
    assert "promptguard_" in measured.text
    assert_no_value([("metrics", measured.content)], values)

    wait_until(lambda: sum(body.count(b'"pg-') for body in collector.bodies) >= 2 * COUNT, "all was delivered")
    assert_no_value([(path, body) for path, _, body in collector.received], values)


def test_no_value_is_written_while_running_and_after(
    busy_proxy: PromptGuardProcess, values: list[tuple[str, str]]
) -> None:
    assert len(values) == len({value for _, value in values}) == COUNT
    assert any(path.suffix == ".db" and content for path, content in written(busy_proxy))
    assert_no_value(written(busy_proxy), values)
    assert busy_proxy.stop() == 0
    assert_no_value(written(busy_proxy), values)

    verified = run_promptguard(["audit", "verify", "--config", str(busy_proxy.config), "--data", str(busy_proxy.data)])
    assert verified.returncode == 0, verified.stderr
    exported = run_promptguard(["audit", "export", "--config", str(busy_proxy.config), "--data", str(busy_proxy.data)])
    assert exported.returncode == 0, exported.stderr
    assert exported.stdout.count("\n") >= COUNT
    assert not [value for _, value in values if value in exported.stdout]
    assert MARKER not in exported.stdout
