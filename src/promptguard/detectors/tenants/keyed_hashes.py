"""All that is computed with the key of a tenant index."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

SALT_BYTES = 16
TAG_BYTES = 32
_DIGEST_BYTES = 16
_MIN_KEY_LENGTH = 16
_AES_BLOCK = 16


class KeyedHashes:
    """The hashes and ciphers of one index file: BLAKE2b (RFC 7693) with keys of their own for each purpose.

    Every file has a salt of its own, so that nothing in two files compares, and no cipher's stream is used twice.
    """

    def __init__(self, key: bytes, salt: bytes) -> None:
        if len(key) < _MIN_KEY_LENGTH:
            raise ValueError(f"the key of a tenant index has {_MIN_KEY_LENGTH} bytes or more")
        self.salt = salt
        root = hashlib.blake2b(key, digest_size=64, person=b"pg-tenants").digest()
        self._secret = hashlib.blake2b(key=root, digest_size=64, salt=salt, person=b"pg-tenants-2").digest()
        self._term = hashlib.blake2b(key=self._secret, digest_size=_DIGEST_BYTES, person=b"pg-tenant-term")
        self.check = self._derived(b"pg-tenant-check", 16)
        """Tells whether a file was made with this key."""

    def _derived(self, purpose: bytes, size: int) -> bytes:
        return hashlib.blake2b(key=self._secret, digest_size=size, person=purpose).digest()

    def digest(self, form: str) -> bytes:
        """16 bytes for a form of a value."""
        state = self._term.copy()
        state.update(form.encode("utf-8", "surrogatepass"))
        return state.digest()

    def filter_parameters(self) -> list[int]:
        """Eight odd 64-bit numbers for the filter."""
        return [int(each) | 1 for each in np.frombuffer(self._derived(b"pg-tenant-sieve", 64), "<u8")]

    def tag(self) -> hashlib.blake2b:
        """What is fed a file and then shows, by its digest, that the file is whole and of this key."""
        return hashlib.blake2b(key=self._secret, digest_size=TAG_BYTES, person=b"pg-tenant-file")

    @property
    def description_key(self) -> bytes:
        """For the description at a file's head (AES-256-GCM-SIV)."""
        return self._derived(b"pg-tenant-head", 32)

    def crypt(self, section: str, content: bytes | memoryview, offset: int = 0) -> bytes:
        """Encrypt a section of the file, or decrypt a part of it that begins at `offset`; AES-256 in counter mode.

        Counter mode lets a label be read without the others. Integrity is the tag's, over the whole file.
        """
        key = self._derived(b"pg-" + section.encode()[:13], 32)
        block, skip = divmod(offset, _AES_BLOCK)
        cipher = Cipher(AES256(key), CTR(block.to_bytes(_AES_BLOCK, "big"))).encryptor()
        cipher.update(bytes(skip))
        return cipher.update(content)


def as_halves(digests: bytes | bytearray) -> npt.NDArray[np.uint64]:
    """Digests, one after the other, as rows of two 64-bit numbers."""
    return np.frombuffer(digests, "<u8").reshape(-1, 2)
