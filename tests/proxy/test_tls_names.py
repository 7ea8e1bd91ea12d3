from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from mitmproxy import certs
from mitmproxy.test import taddons

from promptguard.proxy.tls_names import ConstrainedCertStore, ConstrainedTlsConfig
from promptguard.rollout.ca import make_ca
from promptguard.runtime.data_folder import DataFolder


def store(folder: Path, *permitted: str) -> certs.CertStore:
    """What the add-on has after mitmproxy's options were set."""
    make_ca(DataFolder(folder), permitted)
    addon = ConstrainedTlsConfig()
    with taddons.context(addon) as context:
        context.configure(addon, confdir=str(DataFolder(folder).ca))
    return addon.certstore


@pytest.fixture(scope="module")
def constrained(tmp_path_factory: pytest.TempPathFactory) -> certs.CertStore:
    return store(tmp_path_factory.mktemp("constrained"), "openai.com", "claude.ai")


@pytest.mark.parametrize(
    ("asked", "signed"),
    [
        (["api.openai.com"], ["api.openai.com"]),
        (["api.openai.com", "cdn.example.com", "*.openai.com"], ["api.openai.com", "*.openai.com"]),
        (["sni.cloudflaressl.com", "*.claude.ai", "claude.ai"], ["*.claude.ai", "claude.ai"]),
        (["*.com", "chat.openai.com"], ["chat.openai.com"]),
        (["added-later.example"], ["added-later.example"]),
    ],
)
def test_names_that_the_ca_may_not_sign_are_left_out(
    constrained: certs.CertStore, asked: Sequence[str], signed: list[str]
) -> None:
    """But for a service that it may not sign at all."""
    names: list[x509.GeneralName] = [x509.DNSName(name) for name in asked]
    made = constrained.get_cert(
        asked[0], [*names, x509.IPAddress(ip_address("192.0.2.1"))] if len(signed) > 1 else names
    )
    assert [str(name.value) for name in made.cert.altnames] == signed
    assert made.cert.cn == signed[0]


def test_one_certificate_is_made_for_the_same_names(constrained: certs.CertStore) -> None:
    names = [x509.DNSName("api.openai.com"), x509.DNSName("elsewhere.example")]
    assert constrained.get_cert("api.openai.com", names) is constrained.get_cert("api.openai.com", names)


def test_a_ca_that_may_sign_everything_is_mitmproxys_own(tmp_path: Path) -> None:
    made = store(tmp_path)
    assert not isinstance(made, ConstrainedCertStore)
    names = [x509.DNSName("a.example"), x509.DNSName("b.example")]
    assert len(made.get_cert("a.example", names).cert.altnames) == 2
