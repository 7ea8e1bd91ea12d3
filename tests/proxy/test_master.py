from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography import x509
from mitmproxy import exceptions

from promptguard.proxy.master import ProxyMaster, make_ca

CONFIG = Path(__file__).parents[2] / "config"


def test_a_ca_is_made_once_for_an_installation(tmp_path: Path) -> None:
    certificate = make_ca(tmp_path).read_bytes()
    assert make_ca(tmp_path).read_bytes() == certificate
    parsed = x509.load_pem_x509_certificate(certificate)
    assert "PromptGuard" in parsed.subject.rfc4514_string()
    assert b"PRIVATE" not in certificate
    assert make_ca(tmp_path / "other").read_bytes() != certificate


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_nobody_else_can_read_the_key_of_the_ca(tmp_path: Path) -> None:
    make_ca(tmp_path)
    assert (tmp_path / "ca").stat().st_mode & 0o077 == 0
    keys = [path for path in (tmp_path / "ca").iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert keys and all(path.stat().st_mode & 0o077 == 0 for path in keys)


async def test_options_leave_no_way_around(tmp_path: Path) -> None:
    master = ProxyMaster(CONFIG, tmp_path, listen=("127.0.0.1", 0))
    options = master.options
    assert (options.listen_host, options.listen_port) == ("127.0.0.1", 0)
    assert options.connection_strategy == "lazy"
    assert options.rawtcp is False
    assert options.ssl_insecure is False
    assert options.body_size_limit == str(4 * 10 * 1024 * 1024)


async def test_further_cas_are_trusted_beside_the_public_ones(tmp_path: Path) -> None:
    own = make_ca(tmp_path / "company")
    master = ProxyMaster(CONFIG, tmp_path / "data", upstream_ca=own)
    trusted = Path(master.options.ssl_verify_upstream_trusted_ca).read_bytes()
    assert own.read_bytes() in trusted
    assert trusted.count(b"BEGIN CERTIFICATE") > 50


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"config": Path("/nonexistent")}, "no such configuration folder"),
        ({"connect_to": ("nonsense",)}, "HOST=ADDRESS:PORT"),
    ],
)
async def test_mistakes_end_the_start(tmp_path: Path, arguments: dict[str, object], said: str) -> None:
    with pytest.raises(exceptions.OptionsError, match=said):
        ProxyMaster(**{"config": CONFIG, "data": tmp_path, **arguments})  # type: ignore[arg-type]
