"""A throw-away certificate authority, made at run time, for services that stand in for real hosts on loopback."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFETIME = timedelta(days=7)
_CLOCK_SKEW = timedelta(hours=1)


class CertificateAuthority:
    """Signs server certificates for any name. Its key exists in memory only and ends with the object."""

    def __init__(self, common_name: str = "PromptGuard stand-in authority") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = _name(common_name)
        # RFC 5280 4.2.1: Python 3.13 verifies in strict mode and wants every extension that is set here.
        self._certificate = (
            _builder(name, name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def certificate(self) -> bytes:
        """The authority's certificate, PEM."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def issue(self, hosts: Sequence[str]) -> tuple[bytes, bytes]:
        """A server certificate for host names and IP addresses: certificate chain and private key, both PEM."""
        if not hosts:
            raise ValueError("a server certificate needs at least one host")
        key = ec.generate_private_key(ec.SECP256R1())
        issuer_key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            # X.520 limits a common name to 64 characters; clients look at the alternative names only.
            _builder(_name(hosts[0][:64]), self._certificate.subject, key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(issuer_key_id, critical=False)
            .add_extension(x509.SubjectAlternativeName([_general_name(host) for host in hosts]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        chain = certificate.public_bytes(serialization.Encoding.PEM) + self.certificate
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return chain, secret

    def write(self, folder: Path, hosts: Sequence[str]) -> CertificateFiles:
        """Issue a certificate for `hosts` and lay everything a TLS server and its clients need into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        files = CertificateFiles(folder)
        chain, secret = self.issue(hosts)
        files.authority.write_bytes(self.certificate)
        files.chain.write_bytes(chain)
        files.key.touch(mode=0o600)
        files.key.write_bytes(secret)
        return files


class CertificateFiles:
    """Where an authority's certificate, a server's chain and its key lie."""

    def __init__(self, folder: Path) -> None:
        self.authority = folder / "authority.pem"
        """What clients must trust."""
        self.chain = folder / "server.pem"
        self.key = folder / "server.key"

    def client_context(self) -> ssl.SSLContext:
        """A client's TLS settings that trust this authority and no other."""
        return ssl.create_default_context(cafile=str(self.authority))


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
