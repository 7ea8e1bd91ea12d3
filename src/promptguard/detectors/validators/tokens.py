"""Checks of tokens and encoded secrets that follow a standard: JWT, the Authorization header, hashes, private keys."""

from __future__ import annotations

import base64
import binascii
import json
import re

from promptguard.detectors.secrets.dummy_values import entropy, is_code, is_masked, is_placeholder
from promptguard.detectors.validators.registry import validator
from promptguard.detectors.validators.secret_values import is_documented

_IDENTIFIER = re.compile(r"[A-Za-z_]+(?:[_\-.][A-Za-z]+)*\d{0,2}")


@validator("bearer_token")
def bearer_token(match_text: str) -> float | bool:
    """What follows `Bearer` or `Authorization:`: any opaque literal."""
    if is_placeholder(match_text) or is_code(match_text) or _IDENTIFIER.fullmatch(match_text):
        return False
    return 0.85 if any(map(str.isdigit, match_text)) and entropy(match_text) >= 2.5 else False


@validator("basic_authorization")
def basic_authorization(match_text: str) -> float | bool:
    """`user:password` in base64 (RFC 7617)."""
    if is_placeholder(match_text):
        return False
    try:
        decoded = base64.b64decode(match_text + "=" * (-len(match_text) % 4), validate=True)
    except binascii.Error:
        return False
    user, colon, password = decoded.decode("utf-8", "replace").partition(":")
    if not colon or "\ufffd" in user or not (user + password).isprintable():
        return False
    secret = password or user
    return 0.9 if secret and not is_placeholder(secret) and not is_documented(secret) else False


@validator("jwt")
def json_web_token(match_text: str) -> float | bool:
    """Three parts of which the first is a JSON object with `alg` (RFC 7515 4.1.1), or `enc` (RFC 7516)."""
    header = match_text.partition(".")[0]
    try:
        decoded = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        # Cut out of a longer text or mistyped: `eyJ` with two dots is still most likely a token.
        return False if is_masked(match_text) else 0.5
    if not isinstance(decoded, dict) or not ({"alg", "enc", "typ", "kid"} & decoded.keys()):
        return False
    return False if is_masked(match_text) else 0.95


@validator("password_hash")
def password_hash(match_text: str) -> bool | None:
    """A hash of a password; only masks are none."""
    return False if is_masked(match_text) or len(set(match_text[-24:])) < 6 else None


_ENCODED_KEY_HEADS = (
    # PKCS#1 and SEC 1: SEQUENCE, version 0 or 1; PKCS#8 v1 and v2: SEQUENCE, version, AlgorithmIdentifier.
    re.compile(rb"\x30(?:[\x20-\x7f]|\x81.|\x82..)\x02\x01[\x00\x01](?:\x02|\x30|\x04)", re.DOTALL),
    # PKCS#12: SEQUENCE, version 3, AuthenticatedSafe (RFC 7292 4)
    re.compile(rb"\x30(?:\x80|\x82..)\x02\x01\x03\x30", re.DOTALL),
    # PKCS#8 encrypted: SEQUENCE, SEQUENCE, OID 1.2.840.113549.1.5 or .12.1 (RFC 8018 A.4, RFC 7292 B)
    re.compile(rb"\x30(?:\x82..|\x81.)\x30.\x06.\x2a\x86\x48\x86\xf7\x0d\x01(?:\x05|\x0c)", re.DOTALL),
)


@validator("encoded_private_key")
def encoded_private_key(match_text: str) -> float | bool | None:
    """A private key in base64: PEM, the ASN.1 of PKCS#1, #8 and #12, a Java key store. Certificates begin alike."""
    if not match_text.startswith(("M", "LS0t")):
        return None
    head = match_text[:120]
    try:
        decoded = base64.b64decode(head[: len(head) // 4 * 4])
    except binascii.Error:
        return False
    if match_text.startswith("LS0t"):
        return 0.95 if b"PRIVATE KEY" in decoded else False
    return 0.9 if any(form.match(decoded) for form in _ENCODED_KEY_HEADS) else False
