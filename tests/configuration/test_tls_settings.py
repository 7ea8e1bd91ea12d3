from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.configuration.tls_settings import TlsSettings, check_pair
from promptguard.demo.certificates import CertificateAuthority
from promptguard.errors import ConfigError


def error(place: tuple[str, ...], problem: str, remedy: str) -> ConfigError:
    return ConfigError("promptguard.yaml", None, f"{'.'.join(place)}: {problem}", remedy)


def test_key_and_certificate_belong_together(tmp_path: Path) -> None:
    authority = CertificateAuthority()
    one, two = (authority.write(tmp_path / name, ["localhost"]) for name in ("one", "two"))
    check_pair(TlsSettings(certificate=one.chain, key=one.key), error)
    for key in (two.key, one.chain, tmp_path / "none"):
        with pytest.raises(ConfigError, match=r"tls.key: server.pem and .* are no certificate and its key"):
            check_pair(TlsSettings(certificate=one.chain, key=key), error)
