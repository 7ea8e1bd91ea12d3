from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import pytest

from promptguard.demo.certificates import CertificateAuthority, CertificateFiles


def handshake(files: CertificateFiles, host: str, client: ssl.SSLContext) -> dict[str, object]:
    """The server's certificate as a client sees it that calls for `host`."""
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(files.chain, files.key)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(theirs, server_side=True).close()
        except ssl.SSLError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=host) as connection:
            return dict(connection.getpeercert() or {})
    finally:
        ours.close()
        thread.join()


@pytest.mark.parametrize("host", ["api.openai.com", "127.0.0.1", "sub.wild.fabrikam.com"])
def test_clients_that_trust_the_authority_accept_its_servers(tmp_path: Path, host: str) -> None:
    files = CertificateAuthority().write(tmp_path, ["api.openai.com", "127.0.0.1", "*.wild.fabrikam.com"])
    assert handshake(files, host, files.client_context())["subject"] == ((("commonName", "api.openai.com"),),)


def test_other_hosts_are_not_covered(tmp_path: Path) -> None:
    files = CertificateAuthority().write(tmp_path, ["api.openai.com"])
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(files, "api.anthropic.com", files.client_context())


def test_other_authorities_are_not_trusted(tmp_path: Path) -> None:
    files = CertificateAuthority().write(tmp_path / "one", ["api.openai.com"])
    other = CertificateAuthority().write(tmp_path / "two", ["api.openai.com"])
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(files, "api.openai.com", other.client_context())


def test_private_key_is_for_its_owner_only(tmp_path: Path) -> None:
    files = CertificateAuthority().write(tmp_path, ["localhost"])
    assert files.key.stat().st_mode & 0o077 == 0
    assert b"PRIVATE KEY" not in files.authority.read_bytes() + files.chain.read_bytes()


def test_certificate_without_hosts_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one host"):
        CertificateAuthority().issue([])
