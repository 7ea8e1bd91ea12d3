"""What is kept of secrets that are random themselves: links, cookies, challenges."""

from __future__ import annotations

import hashlib


def hash_of_secret(secret: str) -> bytes:
    """SHA-256: there is nothing to guess that salt or slowness would protect."""
    return hashlib.sha256(secret.encode()).digest()
