"""How the vault hides what it keeps: originals are encrypted, scopes hashed."""

from __future__ import annotations

import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from promptguard.keys import derive

_NONCE_BYTES = 12
_SCOPE_BYTES = 16
_MAX_SCOPES = 4_096
"""Hashes of scopes that are kept: each request asks for its scope's several times."""


class VaultCipher:
    """The keys of one vault."""

    def __init__(self, key: bytes) -> None:
        """`key` is `Keys.vault`."""
        self._cipher = AESGCM(derive(key, "originals"))
        self._scope_key = derive(key, "scopes")
        self._scopes: dict[str, bytes] = {}

    def scope(self, scope: str) -> bytes:
        """What stands for a scope in the database: 16 bytes."""
        known = self._scopes.get(scope)
        if known is None:
            if len(self._scopes) >= _MAX_SCOPES:
                self._scopes.clear()
            known = self._scopes[scope] = self._hash(scope)
        return known

    def _hash(self, scope: str) -> bytes:
        return hmac.digest(self._scope_key, scope.encode("utf-8", "surrogatepass"), "sha256")[:_SCOPE_BYTES]

    def encrypt(self, text: str, scope: bytes, placeholder: str, data_class: str) -> tuple[bytes, bytes]:
        """Nonce and ciphertext (AES-256-GCM) of an original, bound to where it is kept."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        bound = _bound(scope, placeholder, data_class)
        return nonce, self._cipher.encrypt(nonce, text.encode("utf-8", "surrogatepass"), bound)

    def decrypt(self, nonce: bytes, ciphertext: bytes, scope: bytes, placeholder: str, data_class: str | None) -> str:
        """The original.

        Args:
            data_class: None for an original of schema 1, which knew none.

        Raises:
            ValueError: it was encrypted with another key, or for another place.
        """
        try:
            text = self._cipher.decrypt(nonce, ciphertext, _bound(scope, placeholder, data_class))
        except InvalidTag:
            raise ValueError("not encrypted with this key for this place") from None
        return text.decode("utf-8", "surrogatepass")


def _bound(scope: bytes, placeholder: str, data_class: str | None) -> bytes:
    return scope + placeholder.encode() + (b"" if data_class is None else b"\n" + data_class.encode())
