"""Hosts that are no AI services pass through undecrypted."""

from __future__ import annotations

import random
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from support.proxies import INTRANET
from support.values import aws_key
from support.watch import Watch
from support.wire import exchange, request_bytes, tunnel

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import PromptGuardProcess, run_promptguard


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


SERVICE = """\
destinations:
  - {id: suite, name: Suite, kind: web_chat, status: prohibited, hosts: ["*.DOMAIN"]}
"""
NEVER = """
  - {group: ours, reason: "Signing in.", hosts: [HOST]}
"""


@pytest.mark.parametrize("never", [True, False])
def test_what_is_never_decrypted_passes_although_a_pattern_of_an_ai_service_matches(
    start_proxy: Callable[..., PromptGuardProcess], intranet: Provider, never: bool
) -> None:
    def edit(config: Path) -> None:
        (config / "destinations" / "suite.yaml").write_text(SERVICE.replace("DOMAIN", INTRANET.partition(".")[2]))
        if never:
            with (config / "never_decrypt.yaml").open("a") as file:
                file.write(NEVER.replace("HOST", INTRANET))

    proxy = start_proxy({"names": {"enabled": False}}, edit=edit)
    with tunnel(proxy.port, INTRANET, intranet.certificates.authority if never else proxy.authority) as connection:
        seen = connection.getpeercert(binary_form=True)
    assert seen is not None
    own = x509.load_pem_x509_certificate(intranet.certificates.chain.read_bytes())
    assert (x509.load_der_x509_certificate(seen) == own) is never


@pytest.mark.parametrize("own", [True, False])
def test_what_is_switched_off_passes(
    start_proxy: Callable[..., PromptGuardProcess], provider: Provider, watch: Watch, own: bool
) -> None:
    def edit(config: Path) -> None:
        apis = config / "destinations" / "apis.yaml"
        if own:
            (config / "destinations" / "own.yaml").write_text("disabled: openai-api\n")
        else:
            apis.write_text(
                apis.read_text().replace("  - id: openai-api\n", "  - id: openai-api\n    enabled: false\n")
            )

    proxy = start_proxy({"names": {"enabled": False}}, edit=edit)
    key = f"aws_access_key_id = {aws_key(random.Random(72))}".encode()
    payload = request_bytes(key, headers={"content-type": "text/plain"})
    assert exchange(proxy.port, provider.certificates.authority, payload).status == 200
    assert watch.one.body == key
    assert "1 AI service is switched off, with hosts that pass undecrypted: openai-api." in proxy.output
    proxy.stop()
    seen = run_promptguard(["destinations", "sightings", "--config", str(proxy.config), "--data", str(proxy.data)])
    assert (seen.returncode, seen.stdout) == (0, "")
