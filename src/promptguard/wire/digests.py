"""Digests of a body that a request declares, made anew for another body: RFC 1864, RFC 3230, RFC 9530, S3, Google."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Final

_HASHES: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "md5": lambda body: hashlib.md5(body, usedforsecurity=False).digest(),
    "sha": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "sha1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "sha-256": lambda body: hashlib.sha256(body).digest(),
    "sha256": lambda body: hashlib.sha256(body).digest(),
    "sha-512": lambda body: hashlib.sha512(body).digest(),
    "crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
}

AMAZON: Final = "x-amz-checksum-"
LISTS: Final = ("digest", "content-digest", "repr-digest", "x-goog-hash")
"""Fields that hold several digests, each as `algorithm=value`."""
SINGLE: Final = "content-md5"

_MEMBER: Final = re.compile(r"\s*([A-Za-z0-9-]+)=(:?)([A-Za-z0-9+/_=-]*)(:?)\s*")


def is_digest(name: str) -> bool:
    """Whether a header field, by its name in lower case, declares a digest of the body."""
    return name == SINGLE or name in LISTS or name.startswith(AMAZON)


def digest_again(name: str, value: str, body: bytes) -> str | None:
    """The value of a digest's field for another body; None where that cannot be worked out.

    Of several digests in one field, those that can be are kept.
    """
    if name == SINGLE:
        return _base64("md5", body)
    if name.startswith(AMAZON):
        algorithm = name.removeprefix(AMAZON)
        return _base64(algorithm, body) if algorithm in _HASHES else None
    members = [_MEMBER.fullmatch(member) for member in value.split(",")]
    if not all(members):
        return None
    known = [member for member in members if member and member[1].lower() in _HASHES]
    again = [f"{member[1]}={member[2]}{_base64(member[1].lower(), body)}{member[4]}" for member in known]
    return ", ".join(again) or None


def _base64(algorithm: str, body: bytes) -> str:
    return base64.b64encode(_HASHES[algorithm](body)).decode()
