"""One CA for all kits, of a key that is quickly made."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from promptguard.rollout.kit import Rollout

# pytest's importlib mode leaves sys.path alone; the helpers beside this file are imported by name.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def certificate() -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Kit CA")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    dates = builder.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2046, 1, 1, tzinfo=UTC))
    return dates.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, SHA256())


@pytest.fixture(scope="session")
def rollout(certificate: x509.Certificate) -> Rollout:
    """With a PAC file."""
    return Rollout(
        certificate,
        "proxy.internal.example:8080",
        pac="http://proxy.internal.example:8082/proxy.pac",
        direct=["*.internal.example", "git.example"],
        organisation="Contoso & Söhne",
        git=True,
    )


@pytest.fixture(scope="session")
def without_pac(certificate: x509.Certificate) -> Rollout:
    return Rollout(certificate, "https://[2001:db8::1]:8443", direct=["*.internal.example"])
