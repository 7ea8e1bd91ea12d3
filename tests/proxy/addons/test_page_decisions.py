"""What the layer in a page asks, through a real mitmproxy."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from promptguard.errors import StorageError
from promptguard.model import Action, Answer, Decision, Event, Identity, Notice, Verdict
from promptguard.page_layer.decisions import Decisions
from promptguard.page_layer.script import PATH
from promptguard.proxy.addons.page_decisions import signal_of

ID = "pg-7KQ2-0000-ZZZZ-DGF1"
SCOPE = "p_address:127.0.0.1|chatgpt"
BY_LAYER = "sec-fetch-site: same-origin\r\nsec-fetch-dest: empty\r\nsec-fetch-mode: cors\r\n"


def blocked(scope: str) -> Verdict:
    return Verdict(
        Decision(Action.BLOCK, "rule", "reason"),
        Event(**{**dict.fromkeys(Event.__dataclass_fields__, ""), "id": ID, "format": "chatgpt_web"}),  # type: ignore[arg-type]
        answer=Answer(400, {}, b"no"),
        notice=Notice(ID, "title", "Nothing was sent."),
        scope=scope,
        redacted_text="Mail [EMAIL_ADDRESS]",
    )


async def ask(port: int, target: str, headers: str, wire: Any, host: str = "chatgpt.com") -> tuple[bytes, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{target.replace(' ', f' http://{host}', 1)} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n".encode())
    answered: tuple[bytes, bytes] = await wire.read_answer(reader)
    writer.close()
    return answered


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        ("", True),
        ("https://chatgpt.com", True),
        ("https://claude.ai", False),
        ("https://evil.example", False),
        ("https://chatgpt.com.evil.example", False),
        ("null", False),
        ("http://[", False),
    ],
)
def test_no_page_but_the_services_own_is_told_of_decisions(origin: str, told: bool) -> None:
    """By answers and over WebSockets, whoever opened them."""
    hosts = {"chatgpt.com": SimpleNamespace(id="chatgpt"), "claude.ai": SimpleNamespace(id="claude")}
    gateway: Any = SimpleNamespace(
        service=SimpleNamespace(registry=SimpleNamespace(find_host=hosts.get)),
        has_layer=lambda destination: True,
        decisions=Decisions(),
    )
    destination: Any = hosts["chatgpt.com"]
    assert (signal_of(gateway, destination, origin, blocked(SCOPE)) is not None) is told
    assert (gateway.decisions.find(ID, SCOPE) is not None) is told


@pytest.mark.parametrize(
    ("scope", "target", "headers", "host", "told"),
    [
        (SCOPE, f"GET {PATH}{ID}", BY_LAYER, "chatgpt.com", True),
        ("p_somebody-else|chatgpt", f"GET {PATH}{ID}", BY_LAYER, "chatgpt.com", False),
        (SCOPE, f"GET {PATH}{ID}", BY_LAYER, "claude.ai", False),
        (SCOPE, f"GET {PATH}pg-0000-0000-0000-0000", BY_LAYER, "chatgpt.com", False),
        (SCOPE, f"GET {PATH}{ID}", BY_LAYER.replace("same-origin", "cross-site"), "chatgpt.com", False),
        (SCOPE, f"GET {PATH}{ID}", "", "chatgpt.com", False),
        (SCOPE, f"POST {PATH}{ID}", BY_LAYER, "chatgpt.com", False),
    ],
)
async def test_the_proxy_answers_the_layer_and_nobody_else(
    proxied: Any, wire: Any, scope: str, target: str, headers: str, host: str, told: bool
) -> None:
    inspected = []

    async def inspect(request: Any, *_: Any, **__: Any) -> Verdict:
        inspected.append(request.path)
        return blocked(scope)

    async with proxied(inspect) as (upstream, port):
        await ask(port, "GET /backend-api/conversation", "", wire)
        head, body = await ask(port, target, headers, wire, host)
    assert head.startswith(b"HTTP/1.1 200" if told else b"HTTP/1.1 404")
    expected = {"id": ID, "text": "Nothing was sent.", "redacted": "Mail [EMAIL_ADDRESS]"}
    assert json.loads(body) == (expected if told else {})
    assert b"cache-control: no-store" in head.lower()
    assert inspected == ["/backend-api/conversation"]
    assert upstream.requests == []


ALLOWED = replace(blocked(SCOPE), answer=None, notice=None, redacted_text="", remind=True)


@pytest.mark.parametrize(
    ("verdict", "said", "told"),
    [
        (ALLOWED, "It lapses.", ["It lapses.", ID, "p_address:127.0.0.1", "de"]),
        (ALLOWED, "", ["", ID, "p_address:127.0.0.1", "de"]),
        (ALLOWED, StorageError("here", "It is broken.", "Restore it."), [""]),
        (replace(ALLOWED, remind=False), "It lapses.", [""]),
        (replace(ALLOWED, scope="p_other|chatgpt"), "It lapses.", [""]),
    ],
)
async def test_a_reminder_is_told_to_the_layer_that_asks_for_the_one_it_was_told_of(
    proxied: Any, wire: Any, verdict: Verdict, said: str | Exception, told: list[str]
) -> None:
    asked: list[str] = []

    async def inspect(*_: Any, **__: Any) -> Verdict:
        return verdict

    async def reminder(id: str, identity: Identity, accept_language: str) -> str:
        if isinstance(said, Exception):
            raise said
        asked.extend((id, identity.pseudonym, accept_language))
        return said

    async with proxied(inspect) as (upstream, port):
        proxied.service.guard.reminder = reminder
        await ask(port, "GET /backend-api/conversation", "", wire)
        await ask(port, f"GET {PATH}{ID}", "", wire)  # no layer asks like that
        head, body = await ask(port, f"GET {PATH}{ID}", f"{BY_LAYER}accept-language: de\r\n", wire)
    assert [json.loads(body).get("text", ""), *asked] == told
    assert head.startswith(b"HTTP/1.1 200" if told[0] else b"HTTP/1.1 404")
    assert len(upstream.requests) == 1
