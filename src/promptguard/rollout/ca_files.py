"""The files of a CA: its key with what is sent beside each certificate, and the certificate that laptops have to trust.

`mitmproxy-ca.pem` holds the key, the certificate that signs, and what leads from there to a CA that laptops trusted
before. Laptops have to trust the certificate that signs, where it is self-signed; where an older CA has signed it too,
its self-signed form stands in `anchor.pem`. While a CA takes the place of another one, that file holds both.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)

from promptguard.errors import PromptGuardError
from promptguard.runtime.data_folder import DataFolder

type CaKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
"""New ones are RSA; a company may have put another one in place."""

ANCHORS: Final = "anchor.pem"
"""The file of the certificates that laptops have to trust: that of the key beside it counts."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A CA as its files have it."""

    key: CaKey
    anchor: x509.Certificate
    """What laptops have to trust."""
    chain: tuple[x509.Certificate, ...]
    """What is sent behind each certificate, the one that signs first. More than one during a change of CAs."""

    @property
    def before(self) -> x509.Certificate | None:
        """The CA that laptops trusted before, while that is enough."""
        return self.chain[-1] if len(self.chain) > 1 else None


def read_authority(folder: DataFolder) -> Authority:
    """The CA of an installation.

    Raises:
        PromptGuardError: there is none, or its files cannot be read.
    """
    try:
        content = folder.ca_key.read_bytes()
        key = load_pem_private_key(content, None)
        chain = tuple(x509.load_pem_x509_certificates(content))
    except FileNotFoundError:
        raise PromptGuardError(f"There is no CA in {folder.ca} yet: the first start makes it.") from None
    except (OSError, ValueError, TypeError):
        raise PromptGuardError(f"{folder.ca_key} cannot be read as a key with its certificate (PEM).") from None
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise PromptGuardError(f"The key in {folder.ca_key} is neither RSA nor on an elliptic curve.")
    if _public(key) != _public(chain[0]):
        raise PromptGuardError(f"The first certificate in {folder.ca_key} is not that of its key.")
    return Authority(key, _anchor(folder, chain[0]), chain)


def _anchor(folder: DataFolder, signing: x509.Certificate) -> x509.Certificate:
    """The certificate beside, where it is of the same key: it was written before the key was."""
    try:
        beside = x509.load_pem_x509_certificates((folder.ca / ANCHORS).read_bytes())
    except (OSError, ValueError):
        return signing
    return next((each for each in beside if _public(each) == _public(signing)), signing)


def _public(holder: CaKey | x509.Certificate) -> bytes:
    return holder.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def pem(key: CaKey, chain: Sequence[x509.Certificate]) -> bytes:
    """What mitmproxy reads."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return private + b"".join(each.public_bytes(Encoding.PEM) for each in chain)


def write_certificates(folder: DataFolder, anchor: x509.Certificate) -> None:
    """Write what laptops take, in all its forms, where it is not there already."""
    content = anchor.public_bytes(Encoding.PEM)
    if folder.ca_certificate.exists() and folder.ca_certificate.read_bytes() == content:
        return
    parcel = pkcs12.serialize_key_and_certificates(b"mitmproxy", None, anchor, None, NoEncryption())
    replace(folder.ca / "mitmproxy-ca-cert.cer", content, 0o644)
    replace(folder.ca / "mitmproxy-ca-cert.pem", content, 0o644)
    replace(folder.ca / "mitmproxy-ca-cert.p12", parcel, 0o644)
    replace(folder.ca_certificate, content, 0o644)


def replace(path: Path, content: bytes, mode: int) -> None:
    """Write a file whole or not at all, and before what is written later."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft.")
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    Path(draft).chmod(mode)
    Path(draft).replace(path)
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
