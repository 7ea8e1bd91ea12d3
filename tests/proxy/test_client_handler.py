"""Whose connection it is, to a real mitmproxy behind a load balancer that is played here."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from promptguard.configuration.settings import Settings
from promptguard.model import Action, Decision, Event, Identity, Verdict
from promptguard.proxy import client_handler
from promptguard.proxy.seldom import Seldom

EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
ASKS = b"GET http://api.openai.com/v1/x HTTP/1.1\r\nhost: api.openai.com\r\n\r\n"
BALANCED = Settings.model_validate(
    {"proxy": {"load_balancers": ["127.0.0.1"]}, "identity": {"allow_unknown_clients": True}}
)
ELSEWHERE = Settings.model_validate({"proxy": {"load_balancers": ["192.0.2.0/24"]}})


class Seen:
    """Who a request was said to be from."""

    def __init__(self) -> None:
        self.by: list[str] = []

    async def __call__(self, _: Any, identity: Identity, *__: Any, **___: Any) -> Verdict:
        self.by.append(identity.pseudonym)
        return Verdict(Decision(Action.ALLOW, "rule", "reason"), EVENT)


async def ask(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("settings", "header", "by"),
    [
        (BALANCED, b"PROXY TCP4 192.0.2.17 198.51.100.1 50000 8080\r\n", ["p_address:192.0.2.17"]),
        (BALANCED, b"PROXY TCP6 2001:db8::17 2001:db8::1 50000 8080\r\n", ["p_address:2001:db8::17"]),
        (BALANCED, b"PROXY TCP4 127.0.0.2 127.0.0.1 50000 8080\r\n", ["p_address:127.0.0.2"]),
        (BALANCED, b"PROXY UNKNOWN\r\n", ["p_address:127.0.0.1"]),
        (BALANCED, b"", []),
        (BALANCED, b"PROXY TCP4 192.0.2.17\r\n", []),
        (ELSEWHERE, b"", ["p_address:127.0.0.1"]),
        (ELSEWHERE, b"PROXY TCP4 192.0.2.17 198.51.100.1 50000 8080\r\n", []),
    ],
)
async def test_whose_connection_it_is(proxied: Any, settings: Settings, header: bytes, by: list[str]) -> None:
    seen = Seen()
    async with proxied(seen, settings=settings) as (upstream, port):
        answer = await ask(port, header + ASKS)
    assert seen.by == by
    assert (len(upstream.requests), answer.endswith(b"ok")) == (len(by), bool(by))
    assert b"PROXY" not in b"".join(upstream.requests)


async def test_a_balancer_without_a_header_is_told_in_the_log(
    proxied: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(client_handler, "_seldom", Seldom())
    monkeypatch.setattr(client_handler, "HEADER_SECONDS", 0.01)
    with caplog.at_level(logging.WARNING):
        async with proxied(Seen(), settings=BALANCED) as (_, port):
            assert await ask(port, b"") == b""
            assert await ask(port, ASKS) == b""
    (told,) = [record.getMessage() for record in caplog.records if record.name.endswith("seldom")]
    assert told.startswith("127.0.0.1 was refused") and "send-proxy-v2" in told and "in time" in told


async def test_somebody_on_the_machine_of_the_balancer_is_not_on_ours(proxied: Any) -> None:
    """At the balancer, 127.0.0.1 is the balancer itself."""
    handler: Any = client_handler.ClientHandler.__new__(client_handler.ClientHandler)
    async with proxied(Seen(), settings=ELSEWHERE):
        reader = asyncio.StreamReader()
        reader.feed_data(b"PROXY TCP4 127.0.0.1 127.0.0.1 50000 8080\r\n")
        handler.master = proxied.master
        handler.client = type(
            "Client", (), {"peername": ("192.0.2.5", 1), "proxy_mode": None, "__hash__": object.__hash__}
        )()
        handler.transports = {handler.client: type("Transport", (), {"reader": reader})()}
        assert await handler._announced(("192.0.2.5", 1))
        assert handler.client.peername == ("192.0.2.5", 50000)
