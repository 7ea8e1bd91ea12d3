"""Makes the certificates of CAs (RFC 5280)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from promptguard.rollout.ca_constraints import extension
from promptguard.rollout.ca_files import CaKey

_KEY_BITS = 2048
"""Each certificate for a service has this key too, so that a larger one would cost each handshake."""
_BACKDATED = timedelta(days=2)
"""For laptops whose clocks are slow."""
_VALID = timedelta(days=3650)
_USAGE = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def new_key() -> rsa.RSAPrivateKey:
    """A key for a CA."""
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def self_signed(key: rsa.RSAPrivateKey, permitted: Sequence[str] = ()) -> x509.Certificate:
    """The certificate of a new CA, named after its key, so that no two have the same name.

    Args:
        permitted: the names that it may sign, with all below them; empty for all names.
    """
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    common = f"PromptGuard CA {identifier.digest.hex()[:8]}"
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, common), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "PromptGuard")]
    )
    now = datetime.now(UTC)
    builder = _builder(name, key, now - _BACKDATED, now + _VALID).issuer_name(name)
    if permitted:
        builder = builder.add_extension(extension(permitted), critical=True)
    return builder.sign(key, SHA256())


def signed_by_older(
    new: x509.Certificate, key: rsa.RSAPrivateKey, older: x509.Certificate, older_key: CaKey
) -> x509.Certificate:
    """A CA's certificate as the one before signs it: whoever trusts that one trusts the new one.

    It is valid as long as both are, and has the new one's name, key and constraints.
    """
    ends = min(new.not_valid_after_utc, older.not_valid_after_utc)
    builder = _builder(new.subject, key, new.not_valid_before_utc, ends).issuer_name(older.subject)
    try:
        issuer = older.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer)
    except x509.ExtensionNotFound:
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(older_key.public_key())
    builder = builder.add_extension(authority, critical=False)
    try:
        constraints = new.extensions.get_extension_for_class(x509.NameConstraints)
    except x509.ExtensionNotFound:
        return builder.sign(older_key, SHA256())
    return builder.add_extension(constraints.value, critical=True).sign(older_key, SHA256())


def _builder(name: x509.Name, key: rsa.RSAPrivateKey, begins: datetime, ends: datetime) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .serial_number(x509.random_serial_number())
        .subject_name(name)
        .public_key(public)
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_USAGE, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
