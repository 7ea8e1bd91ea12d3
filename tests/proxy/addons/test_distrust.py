"""Clients that do not trust the proxy's certificate, through a real mitmproxy."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from types import SimpleNamespace
from typing import Any

import pytest

from promptguard.destinations.sightings import Sighting, Sign
from promptguard.proxy.addons.distrust import Distrust


def shake_hands(port: int, host: str, context: ssl.SSLContext) -> None:
    """Open a tunnel and begin TLS in it, up to the alert that says what the client thinks of the certificate."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nhost: {host}:443\r\n\r\n".encode())
        assert b" 200 " in client.recv(4096)
        with contextlib.suppress(ssl.SSLCertVerificationError), context.wrap_socket(client, server_hostname=host):
            pass


async def test_hosts_whose_certificate_a_client_does_not_trust_are_counted(proxied: Any) -> None:
    kept: list[Sighting] = []
    noted = asyncio.Event()
    async with proxied(lambda *_: None) as (_, port):
        proxied.service.sightings.seen = lambda *_: noted.set()
        trusting = ssl.create_default_context(cafile=str(proxied.authority))
        await asyncio.to_thread(shake_hands, port, "chatgpt.com", trusting)
        await asyncio.to_thread(shake_hands, port, "claude.ai", ssl.create_default_context())
        await asyncio.wait_for(noted.wait(), 10)
        proxied.service.sightings.keep(SimpleNamespace(add=kept.extend))
    assert [(each.sign, each.host, each.destination, each.times) for each in kept] == [
        (Sign.UNTRUSTED, "claude.ai", "claude", 1)
    ]


@pytest.mark.parametrize(
    ("error", "sni", "noted"),
    [
        ("The client does not trust the proxy's certificate for pi.ai (…)", "pi.ai", [("pi.ai", "pi")]),
        ("The client does not trust the proxy's certificate for pi.ai (…)", None, [("chatgpt.com", "chatgpt")]),
        ("The client disconnected during the handshake. …", "pi.ai", []),
        (None, "pi.ai", []),
    ],
)
def test_only_what_a_client_says_counts(proxied: Any, error: str | None, sni: str | None, noted: object) -> None:
    kept: list[Sighting] = []
    addon = Distrust(SimpleNamespace(service=proxied.service))  # type: ignore[arg-type]
    context = SimpleNamespace(server=SimpleNamespace(address=("chatgpt.com", 443) if sni is None else None))
    addon.tls_failed_client(SimpleNamespace(conn=SimpleNamespace(error=error, sni=sni), context=context))
    proxied.service.sightings.keep(SimpleNamespace(add=kept.extend))
    assert [(each.host, each.destination) for each in kept] == noted
