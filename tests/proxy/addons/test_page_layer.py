"""Pages of web chats on their way through a real mitmproxy."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace
from typing import Any

import pytest

from promptguard.model import Action, Answer, Decision, Event, Finding, Notice, Ruling, Verdict
from promptguard.proxy.answer_streams import DocumentStream

ID = "pg-7KQ2-0000-ZZZZ-DGF1"
EVENT = Event(**{**dict.fromkeys(Event.__dataclass_fields__, ""), "id": ID, "format": "chatgpt_web"})  # type: ignore[arg-type]
ALLOWED = Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)
BLOCKED = Verdict(
    Decision(Action.BLOCK, "rule", "reason"), EVENT, answer=Answer(400, {"content-type": "text/plain"}, b"no")
)
FINDINGS = tuple(Finding(0, 0, 1, "PERSON", "personal_data", 1.0, "d", each) for each in "aab")  # type: ignore[arg-type]
RULING = Ruling(Action.REDACT, "rule", "reason")
REDACTED = Verdict(
    Decision(Action.REDACT, "rule", "reason", (RULING, RULING, RULING)),
    EVENT,
    findings=FINDINGS,
    notice=Notice(ID, "title", "Replaced."),
)
PAGE = b"<!doctype html><html><head><title>Chat</title></head><body>Hello</body></html>"
NAVIGATION = "sec-fetch-dest: document\r\nsec-fetch-mode: navigate\r\n"


def answer(body: bytes, *headers: str, kind: str = "text/html; charset=utf-8", status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-type: {kind}", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def get(
    proxied: Any, wire: Any, response: bytes, *, verdict: Verdict = ALLOWED, path: str = "/", headers: str = NAVIGATION,
    host: str = "chatgpt.com", settings: Any = None,
) -> tuple[str, bytes]:  # fmt: skip
    """Head, in lower case, and body of what the client receives."""

    async def inspect(*_: Any, **__: Any) -> Verdict:
        return verdict

    upstream = wire.Scripted([response])
    async with (
        wire.listening(upstream.serve) as target,
        proxied(inspect, port=target, settings=settings) as (_, port),
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET http://{host}{path} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n".encode())
        head, body = await wire.read_answer(reader)
        writer.close()
    text = head.decode().lower()
    return text, dechunked(body) if "chunked" in text else body


def dechunked(body: bytes) -> bytes:
    out = b""
    while body:
        length, _, body = body.partition(b"\r\n")
        out, body = out + body[: int(length, 16)], body[int(length, 16) + 2 :]
    return out


@pytest.mark.parametrize(
    ("accept", "said"), [("", b"Not sent"), ("accept-language: nl-BE,nl;q=0.9\r\n", b"Niet verstuurd")]
)
async def test_the_layer_is_in_the_language_of_the_browser(proxied: Any, wire: Any, accept: str, said: bytes) -> None:
    _, body = await get(proxied, wire, answer(PAGE), headers=NAVIGATION + accept)
    assert said in body


async def test_the_layer_is_all_that_is_new_in_a_page(proxied: Any, wire: Any) -> None:
    policy = "content-security-policy: script-src 'nonce-a'"
    validators = ['etag: "a"', "last-modified: Sun, 01 Nov 2026 00:00:00 GMT", "accept-ranges: bytes"]
    source = answer(gzip.compress(PAGE), "content-encoding: gzip", policy, *validators, "x-other: 1")
    head, body = await get(proxied, wire, source)
    start, end = body.index(b"<script>"), body.index(b"</script>") + len(b"</script>")
    assert body[:start].endswith(b"<head>")
    assert body[:start] + body[end:] == PAGE
    assert "script-src 'nonce-a' 'sha256-" in head
    assert "x-other: 1" in head
    assert not [name for name in ("etag", "last-modified", "accept-ranges", "content-encoding", "content-length")
                if f"\r\n{name}:" in head]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "options"),
    [
        ({}, {"headers": ""}),
        ({}, {"headers": NAVIGATION.replace("document", "iframe")}),
        ({}, {"path": "/auth/login"}),
        ({}, {"path": "/backend-api/me"}),
        ({}, {"host": "api.openai.com"}),
        ({"kind": "application/json"}, {}),
        ({"status": "404 Not Found"}, {}),
        ({"headers": ["content-disposition: attachment"]}, {}),
        ({"headers": ["content-security-policy: sandbox allow-scripts"]}, {}),
        ({"headers": ["content-encoding: compress"]}, {}),
        ({"kind": "text/html; charset=utf-16"}, {}),
    ],
)
async def test_everything_else_passes_as_it_came(
    proxied: Any, wire: Any, changed: dict[str, Any], options: dict[str, Any]
) -> None:
    headers = changed.pop("headers", [])
    source = answer(PAGE, 'etag: "a"', *headers, **changed)
    head, body = await get(proxied, wire, source, **options)
    assert body == PAGE
    assert f"{head}".encode() == source[: source.index(b"\r\n\r\n") + 4].lower()


async def test_it_can_be_switched_off(proxied: Any, wire: Any) -> None:
    settings = proxied.service.settings
    off = settings.model_copy(update={"notices": settings.notices.model_copy(update={"in_page": False})})
    assert (await get(proxied, wire, answer(PAGE), settings=off))[1] == PAGE
    head, _ = await get(proxied, wire, answer(b"{}"), settings=off, verdict=BLOCKED)
    assert "server-timing" not in head


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (BLOCKED, f'promptguard;desc="blocked {ID} 0"'),
        (REDACTED, f'promptguard;desc="redacted {ID} 2"'),
        (replace(REDACTED, quiet=True), ""),
        (replace(REDACTED, remind=True), f'promptguard;desc="redacted {ID} 2"'),
        (replace(ALLOWED, remind=True), f'promptguard;desc="reminder {ID}"'),
        (ALLOWED, ""),
    ],
)
async def test_the_page_is_told_of_decisions(proxied: Any, wire: Any, verdict: Verdict, said: str) -> None:
    response = answer(b"{}", "server-timing: own", kind="application/json")
    head, _ = await get(proxied, wire, response, verdict=verdict, headers="origin: https://chatgpt.com\r\n")
    assert ("server-timing: promptguard" in head, said.lower() in head) == (bool(said), True)
    assert ("timing-allow-origin: https://chatgpt.com" in head) is bool(said)
    assert ("server-timing: own" in head) is (verdict is not BLOCKED)
    assert ("access-control-allow-origin: https://chatgpt.com" in head) is (verdict is BLOCKED)
    for host in ("api.openai.com", "intranet.example"):
        assert "promptguard;" not in (await get(proxied, wire, response, verdict=verdict, headers="", host=host))[0]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://claude.ai", "null", "http://[", "https://chatgpt.com.evil.example"]
)
async def test_no_other_site_is_told_of_decisions(proxied: Any, wire: Any, origin: str) -> None:
    response = answer(b"{}", kind="application/json")
    for verdict in (REDACTED, BLOCKED, replace(ALLOWED, remind=True)):
        head, _ = await get(proxied, wire, response, verdict=verdict, headers=f"origin: {origin}\r\n")
        assert "timing-allow-origin" not in head
        assert "access-control-" not in head
        assert "promptguard;" not in head


class Inserter:
    def feed(self, data: bytes) -> list[bytes]:
        return [data.upper()]

    def finish(self) -> list[bytes]:
        return [b"held"]


def test_a_page_is_changed_behind_what_changes_it_already() -> None:
    alone = DocumentStream(Inserter(), None)  # type: ignore[arg-type]
    behind = DocumentStream(Inserter(), lambda data: [data, b"x"] if data else [b"end"])  # type: ignore[arg-type]
    assert (alone(b"a"), alone(b"")) == ([b"A"], [b"held"])
    assert (behind(b"a"), behind(b"")) == ([b"A", b"X"], [b"END", b"held"])
