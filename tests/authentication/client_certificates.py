"""A CA that certifies users, made at run time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

DAY = timedelta(days=1)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def upn(name: str) -> x509.OtherName:
    value = name.encode()
    return x509.OtherName(ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), bytes([0x0C, len(value)]) + value)


class UserAuthority:
    """Certifies users, and revokes what it has certified."""

    def __init__(self, name: str = "Users of the test") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        basic = x509.BasicConstraints(ca=True, path_length=0)
        self._certificate = self._build(self._name, self._key.public_key(), DAY).add_extension(basic, True)
        self.certificate = self._certificate.sign(self._key, hashes.SHA256())

    def _build(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, life: timedelta) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 2 * DAY)
            .not_valid_after(now + life)
        )

    def issue(
        self, common_name: str, alternatives: Sequence[x509.GeneralName] = (), *, life: timedelta = DAY
    ) -> tuple[x509.Certificate, bytes]:
        """A certificate, and it with its key as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._build(_name(common_name), key.public_key(), life)
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)
        if alternatives:
            made = made.add_extension(x509.SubjectAlternativeName(alternatives), False)
        certificate = made.sign(self._key, hashes.SHA256())
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return certificate, certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form)

    def write(self, path: Path) -> Path:
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def revoke(self, path: Path, *certificates: x509.Certificate) -> Path:
        """A list of what is revoked."""
        now = datetime.now(UTC)
        made = x509.CertificateRevocationListBuilder().issuer_name(self._name).last_update(now - DAY)
        made = made.next_update(now + DAY)
        for each in certificates:
            entry = x509.RevokedCertificateBuilder().serial_number(each.serial_number).revocation_date(now - DAY)
            made = made.add_revoked_certificate(entry.build())
        path.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return path
