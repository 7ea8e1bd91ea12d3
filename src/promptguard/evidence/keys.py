"""The company's pair of keys for evidence: made once, the private half kept where no proxy is."""

from __future__ import annotations

import base64
import os
import re
import secrets
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
    load_pem_public_key,
)

from promptguard.errors import PromptGuardError

MIN_PASSPHRASE: Final = 12
"""Characters: whoever has the file can try as often as they like."""

ROUNDS: Final = 600_000
"""Of PBKDF2-HMAC-SHA256, as OWASP's Password Storage Cheat Sheet wants it; `cryptography` itself would take 2,048."""

MAX_KEY_FILE: Final = 64 * 1024
"""Bytes; no file of a key is longer."""

_PRIVATE: Final = re.compile(rb"-----BEGIN ([A-Z ]*)PRIVATE KEY-----")


class WrongKey(PromptGuardError):
    """A key that cannot be used; the message says why."""


def encrypted_pem(key: X25519PrivateKey | Ed25519PrivateKey, passphrase: str) -> bytes:
    """A private key as PKCS#8 PEM under a passphrase: PBES2 with AES-256-CBC (RFC 8018), as OpenSSL reads it.

    Raises:
        WrongKey: the passphrase is too short.
    """
    if len(passphrase) < MIN_PASSPHRASE:
        raise WrongKey(f"A passphrase has {MIN_PASSPHRASE} characters or more.")
    salt, iv = secrets.token_bytes(16), secrets.token_bytes(16)
    derived = PBKDF2HMAC(SHA256(), 32, salt, ROUNDS).derive(passphrase.encode())
    padder, encryptor = PKCS7(128).padder(), Cipher(AES256(derived), CBC(iv)).encryptor()
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    encrypted = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    hash_function = _der(0x30, _oid("2a864886f70d0209"), _der(0x05))
    rounds = _der(0x02, ROUNDS.to_bytes(ROUNDS.bit_length() // 8 + 1))
    derivation = _der(0x30, _oid("2a864886f70d01050c"), _der(0x30, _der(0x04, salt), rounds, hash_function))
    cipher = _der(0x30, _oid("60864801650304012a"), _der(0x04, iv))
    algorithm = _der(0x30, _oid("2a864886f70d01050d"), _der(0x30, derivation, cipher))
    return _pem("ENCRYPTED PRIVATE KEY", _der(0x30, algorithm, _der(0x04, encrypted)))


def public_pem(key: X25519PublicKey | Ed25519PublicKey) -> bytes:
    """A public key as PEM."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def load_public(file: Path) -> X25519PublicKey:
    """The public key in a file.

    Raises:
        WrongKey: there is none, or another kind of key.
        OSError: the file cannot be read.
    """
    content = _read(file)
    if _PRIVATE.search(content):
        raise WrongKey("this is a private key, which never comes to where a proxy is")
    try:
        key = load_pem_public_key(content)
    except ValueError:
        raise WrongKey("this is no public key in PEM") from None
    if not isinstance(key, X25519PublicKey):
        raise WrongKey("this is a public key of another kind than X25519")
    return key


def load_private(content: bytes, passphrase: str) -> X25519PrivateKey:
    """The private key in the content of a file.

    Raises:
        WrongKey: there is none, another kind of key, or the passphrase is wrong.
    """
    if not _PRIVATE.search(content):
        raise WrongKey("This is no private key in PEM.")
    password = passphrase.encode() if b"BEGIN ENCRYPTED" in content else None
    try:
        key = load_pem_private_key(content, password)
    except (ValueError, TypeError):
        raise WrongKey("The passphrase is wrong, or the file of the private key is damaged.") from None
    if not isinstance(key, X25519PrivateKey):
        raise WrongKey("This is a private key of another kind than X25519.")
    return key


def private_keys_in(folder: Path) -> Iterator[Path]:
    """Files in a folder, and in those under it, that may be a private key for evidence: an X25519 one, or one under a
    passphrase, of which nobody can see what it is."""
    for at, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(at, name)
            try:
                if path.is_file() and path.stat().st_size <= MAX_KEY_FILE and _is_private(_read(path)):
                    yield path
            except OSError:
                continue  # it vanished, or is somebody else's: who cannot read it cannot open evidence with it


def _is_private(content: bytes) -> bool:
    if b"-----BEGIN ENCRYPTED PRIVATE KEY-----" in content:
        return True
    try:
        if _PRIVATE.search(content):
            return isinstance(load_pem_private_key(content, None), X25519PrivateKey)
        return content[:1] == b"\x30" and isinstance(load_der_private_key(content, None), X25519PrivateKey)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MAX_KEY_FILE + 1)


def _oid(value: str) -> bytes:
    return _der(0x06, bytes.fromhex(value))


def _der(tag: int, *parts: bytes) -> bytes:
    """A value in DER (X.690), shorter than 256 bytes."""
    content = b"".join(parts)
    length = bytes([len(content)]) if len(content) < 0x80 else bytes([0x81, len(content)])
    return bytes([tag]) + length + content


def _pem(label: str, content: bytes) -> bytes:
    lines = textwrap.wrap(base64.b64encode(content).decode(), 64)
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", "")).encode()
