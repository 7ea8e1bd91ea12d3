"""What is made of secrets that are random themselves: links, cookies, challenges."""

from __future__ import annotations

import hashlib
import hmac


def hash_of_secret(secret: str) -> bytes:
    """SHA-256: there is nothing to guess that salt or slowness would protect."""
    return hashlib.sha256(secret.encode()).digest()


def form_token(secret: str) -> str:
    """What forms carry in the browser that has a cookie, so that no other site can send them."""
    return hmac.new(secret.encode(), b"form", "sha256").hexdigest()
