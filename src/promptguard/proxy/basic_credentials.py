"""User and password in a header (RFC 7617)."""

from __future__ import annotations

from base64 import b64decode


def parse_basic_credentials(header: str) -> tuple[str, str]:
    """User and password of a field with the scheme `Basic`; the first colon parts them (RFC 7617 2).

    Raises:
        ValueError: it holds no such credentials.
    """
    scheme, _, encoded = header.strip().partition(" ")
    if scheme.lower() != "basic":
        raise ValueError("unknown scheme")
    user, colon, password = b64decode(encoded.strip()).decode("utf-8", "replace").partition(":")
    if not colon:
        raise ValueError("no password")
    return user, password
