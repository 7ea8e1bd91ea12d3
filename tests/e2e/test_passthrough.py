"""Hosts that are no AI services pass through undecrypted."""

from __future__ import annotations

import random
import ssl

import pytest
from cryptography import x509
from support.proxies import INTRANET
from support.values import aws_key
from support.watch import Watch
from support.wire import exchange, request_bytes, tunnel

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import PromptGuardProcess


def test_client_sees_the_origins_own_certificate(proxy: PromptGuardProcess, intranet: Provider) -> None:
    with tunnel(proxy.port, INTRANET, intranet.certificates.authority) as connection:
        seen = connection.getpeercert(binary_form=True)
    own = x509.load_pem_x509_certificate(intranet.certificates.chain.read_bytes())
    assert seen is not None
    assert x509.load_der_x509_certificate(seen) == own


def test_what_passes_is_not_looked_at(proxy: PromptGuardProcess, intranet: Provider, watch: Watch) -> None:
    start = len(intranet.received)
    body = f"aws_access_key_id = {aws_key(random.Random(71))}".encode()
    payload = request_bytes(body, host=INTRANET, path="/notes", headers={"content-type": "text/plain"})
    answer = exchange(proxy.port, intranet.certificates.authority, payload, host=INTRANET)
    assert answer.status == 200
    assert [request.body for request in intranet.received[start:]] == [body]
    assert watch.requests == []


def test_ai_service_is_decrypted(proxy: PromptGuardProcess) -> None:
    with tunnel(proxy.port, "api.openai.com", proxy.authority) as connection:
        seen = connection.getpeercert(binary_form=True)
    assert seen is not None
    issuer = x509.load_der_x509_certificate(seen).issuer
    assert issuer == x509.load_pem_x509_certificate(proxy.authority.read_bytes()).subject


def test_ai_service_does_not_present_its_own_certificate(proxy: PromptGuardProcess, provider: Provider) -> None:
    with (
        pytest.raises(ssl.SSLCertVerificationError),
        tunnel(proxy.port, "api.openai.com", provider.certificates.authority),
    ):
        pass
