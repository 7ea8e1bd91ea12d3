from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from promptguard.configuration.tls_settings import TlsSettings
from promptguard.demo.certificates import CertificateAuthority
from promptguard.device_sign_in.certificate import ServerCertificate


@pytest.fixture
def settings(tmp_path: Path) -> TlsSettings:
    return TlsSettings(certificate=tmp_path / "proxy.pem", key=tmp_path / "proxy.key")


def renew(settings: TlsSettings) -> None:
    chain, key = CertificateAuthority().issue(["127.0.0.1"])
    settings.certificate.write_bytes(chain)
    settings.key.write_bytes(key)


def test_renewed_files_are_taken_up_and_wrong_ones_are_not(
    settings: TlsSettings, caplog: pytest.LogCaptureFixture
) -> None:
    renew(settings)
    certificate = ServerCertificate(settings)
    first = certificate()
    assert certificate() is first and first.minimum_version is ssl.TLSVersion.TLSv1_2
    renew(settings)
    second = certificate()
    assert second is not first
    settings.key.write_text("no key")
    assert certificate() is second is certificate()
    settings.key.unlink()
    assert certificate() is second
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    renew(settings)
    assert certificate() not in (first, second)


def test_without_files_there_is_none(settings: TlsSettings) -> None:
    with pytest.raises(OSError, match="No such file"):
        ServerCertificate(settings)
