"""The keys of an installation in a file of their own, under a passphrase: scrypt (RFC 7914), AES-256-GCM."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from promptguard.errors import PromptGuardError
from promptguard.runtime.backup.archive import BackupDamaged, whole_file

MIN_PASSPHRASE: Final = 12
"""Characters of a passphrase, at least."""

MAX_BYTES: Final = 2**30

_MAGIC: Final = b"PromptGuard keys 1\n"
_SALT: Final = 16
_NONCE: Final = 12
_COST: Final = 2**17
"""128 MiB and about half a second for each try (OWASP's advice for scrypt: N = 2^17, r = 8, p = 1)."""


def write_keys(path: Path, files: Mapping[str, bytes], passphrase: str) -> None:
    """Put files under a passphrase into one, whole or not at all.

    Raises:
        PromptGuardError: the passphrase is too short, or something is at `path`.
        OSError: it cannot be written.
    """
    if len(passphrase) < MIN_PASSPHRASE:
        raise PromptGuardError(f"The passphrase has to have {MIN_PASSPHRASE} characters or more.")
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    content = orjson.dumps({name: each.hex() for name, each in files.items()})
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, content, _MAGIC)
    with whole_file(path) as stream:
        stream.write(_MAGIC + salt + nonce + sealed)


def read_keys(path: Path, passphrase: str) -> dict[str, bytes]:
    """The files that `write_keys` put into one.

    Raises:
        BackupDamaged: it is no such file, is damaged, or the passphrase is another one.
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        content = stream.read(MAX_BYTES)
    if not content.startswith(_MAGIC):
        raise BackupDamaged(f"{path} is no file of PromptGuard's keys.")
    salt_at, nonce_at = len(_MAGIC), len(_MAGIC) + _SALT
    sealed_at = nonce_at + _NONCE
    try:
        key = _key(passphrase, content[salt_at:nonce_at])
        opened: Any = orjson.loads(AESGCM(key).decrypt(content[nonce_at:sealed_at], content[sealed_at:], _MAGIC))
    except (InvalidTag, ValueError):
        raise BackupDamaged(f"{path} is damaged, or its passphrase is another one.") from None
    return {str(name): bytes.fromhex(each) for name, each in opened.items()}


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode())
