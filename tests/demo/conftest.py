from __future__ import annotations

from collections.abc import Iterator

import pytest

from promptguard.demo.provider import Provider


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """A stand-in provider that clients reach directly."""
    with Provider() as running:
        yield running


@pytest.fixture
def base_url(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> str:
    """Its address, trusted by the clients of this process."""
    monkeypatch.setenv("SSL_CERT_FILE", str(provider.certificates.authority))
    return f"https://{provider.address}"
