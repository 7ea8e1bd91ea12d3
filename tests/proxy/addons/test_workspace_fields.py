"""What providers are sent of the company's workspaces, told by what they hear."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from promptguard.destinations.workspaces import Provider, Workspace, Workspaces
from promptguard.model import Action, Answer, Decision, Event, Verdict

OURS = "550e8400-e29b-41d4-a716-446655440000"
EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
OPENAI = f"chatgpt-allowed-workspace-id: {OURS}"
ENTRIES = [
    Workspace(Provider.OPENAI, (OURS,)),
    Workspace(Provider.ANTHROPIC, (OURS,), frozenset({"nobody"})),
    Workspace(Provider.MICROSOFT, ("example.com",), directory=OURS, block_personal=True),
]


async def allow(*_: Any, **__: Any) -> Verdict:
    return Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)


async def refuse(*_: Any, **__: Any) -> Verdict:
    answer = Answer(400, {"content-type": "application/json"}, b"{}")
    return Verdict(Decision(Action.BLOCK, "rule", "reason"), EVENT, answer=answer)


def use(proxied: Any, entries: Sequence[Workspace]) -> None:
    proxied.service.bundle = replace(proxied.service.bundle, workspaces=Workspaces(entries))


@pytest.mark.parametrize(
    ("host", "said", "heard"),
    [
        ("chatgpt.com", "", [OPENAI]),
        ("chatgpt.com", "ChatGPT-Allowed-Workspace-Id: mine\r\n", [OPENAI]),
        ("chatgpt.com", "chatgpt-allowed-workspace-id: a\r\nchatgpt-allowed-workspace-id: b\r\n", [OPENAI]),
        ("claude.ai", "", []),  # of nobody who is here is it asked
        ("claude.ai", "anthropic-allowed-org-ids: mine\r\n", ["anthropic-allowed-org-ids: mine"]),
        ("login.live.com", "", ["sec-restrict-tenant-access-policy: restrict-msa"]),
        ("login.windows.net", "", ["restrict-access-context: " + OURS, "restrict-access-to-tenants: example.com"]),
        ("other.example", "", []),
    ],
)
async def test_what_a_provider_hears(proxied: Any, host: str, said: str, heard: list[str]) -> None:
    async with proxied(allow) as (upstream, port):
        use(proxied, ENTRIES)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"POST http://{host}/x HTTP/1.1\r\nhost: {host}\r\n{said}content-length: 2\r\n\r\n{{}}".encode())
        assert b" 200 " in (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0]
        writer.close()
    (request,) = upstream.requests
    lines = request.partition(b"\r\n\r\n")[0].decode().lower().split("\r\n")
    assert sorted(each for each in lines if "allowed" in each or "restrict" in each) == heard
    assert request.endswith(b"\r\n\r\n{}")


async def test_nothing_is_sent_that_is_refused(proxied: Any) -> None:
    async with proxied(refuse) as (upstream, port):
        use(proxied, ENTRIES)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET http://chatgpt.com/x HTTP/1.1\r\nhost: chatgpt.com\r\n\r\n")
        assert b" 400 " in (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0]
        writer.close()
    assert upstream.requests == []


async def test_without_an_answer_to_whom_it_is_asked_of_nothing_goes_on(
    proxied: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Workspaces, "fields", fail)
    async with proxied(allow) as (upstream, port):
        use(proxied, ENTRIES)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET http://chatgpt.com/x HTTP/1.1\r\nhost: chatgpt.com\r\n\r\n")
        assert b" 400 " in (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0]
        writer.close()
    assert upstream.requests == []


async def test_where_people_sign_in_is_decrypted_for_the_field_alone(proxied: Any, wire: Any) -> None:
    asked: list[Any] = []

    async def inspect(*arguments: Any, **_: Any) -> Verdict:
        asked.append(arguments)
        return await allow()

    answer = b'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nalt-svc: h3=":443"\r\n\r\nok'
    service = wire.Scripted([answer])
    async with (
        wire.listening_with_tls(service.serve, "login.live.com") as (target, authority),
        proxied(inspect, port=target, options={"ssl_verify_upstream_trusted_ca": str(authority)}) as (_, port),
    ):
        use(proxied, ENTRIES)
        async with wire.http2(port, proxied.authority, "login.live.com") as client:
            stream = client.send("/oauth20.srf", b"passwd=x", {"content-type": "application/x-www-form-urlencoded"})
            (got,) = await client.until_ended(stream)
    assert (got.body, "alt-svc" in got.headers) == (b"ok", False)
    assert b"sec-restrict-tenant-access-policy: restrict-msa" in service.heard[0].lower()
    assert b"passwd=x" in service.heard[0]
    assert asked == []
