"""What else in a request is bound to its body: what is changed in such a body, the service may refuse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote_plus

from promptguard.model import Request
from promptguard.wire.digests import digest_again, is_digest
from promptguard.wire.uploads import is_piece

_SIGNED: Final = "aws4-hmac-sha256"
_UNSIGNED: Final = "unsigned-payload"
_STREAMING, _CHUNKS = "streaming-", "aws-chunked"
_PLAIN: Final = ("bearer ", "basic ", "token ")
"""Schemes of `Authorization` that sign nothing of the request."""
_PAYLOAD: Final = "x-amz-content-sha256"
_SIGNED_HEADERS: Final = re.compile(r"(?i)(?:^|&)X-(?:Amz|Goog)-SignedHeaders=([^&]*)")
_SIGNED_FIELDS: Final = re.compile(r"(?i)[\s,]SignedHeaders=([^,\s]*)")
"""In `Authorization` (Signature Version 4): the header fields that it signs."""
_SIGNATURES: Final = ("signature", "signature-input")
"""HTTP Message Signatures (RFC 9421)."""


def is_body_bound(request: Request) -> bool:
    """Whether a signature covers the body, or a digest that nobody can make anew.

    AWS Signature Version 4 hashes it unless `x-amz-content-sha256` says otherwise. A digest is bound where it is signed
    itself: by a scheme of `Authorization` other than the plain ones, by a signed address, or by a message signature.
    """
    headers = request.headers
    authorization = headers.get("authorization", "").lower()
    if authorization.startswith(_SIGNED) and headers.get(_PAYLOAD, "").lower() != _UNSIGNED:
        return True
    if "content-encoding" in headers and "content-encoding" in _signed_fields(authorization):
        return True  # what is rewritten goes on without one
    digests = [name for name in headers if is_digest(name)]
    if _PAYLOAD in headers and headers[_PAYLOAD].lower() != _UNSIGNED:
        return True
    if not digests:
        return False
    if any(name in headers for name in _SIGNATURES) or (authorization and not authorization.startswith(_PLAIN)):
        return True
    signed = _signed_headers(request.query)
    return any(name in signed or digest_again(name, headers[name], b"") is None for name in digests)


def is_length_bound(request: Request) -> bool:
    """Whether the service knows the length of the body by this request alone, so that another has to be as long."""
    signed = _signed_headers(request.query) | _signed_fields(request.headers.get("authorization", ""))
    return is_piece(request.headers, request.path) or "content-length" in signed


def content_encoding(headers: Mapping[str, str]) -> str:
    """The encodings of the body: Amazon's chunks with signatures or trailers are one, whether it is named or not."""
    named = headers.get("content-encoding", "")
    is_chunked = headers.get(_PAYLOAD, "").lower().startswith(_STREAMING)
    return f"{named}, {_CHUNKS}" if is_chunked and _CHUNKS not in named.lower() else named


def digests_again(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """The digests that the headers declare, for another body."""
    again = {name: digest_again(name, value, body) for name, value in headers.items() if is_digest(name)}
    return {name: value for name, value in again.items() if value is not None}


def _signed_headers(query: str) -> frozenset[str]:
    """Names of the header fields that a signed address covers."""
    found = _SIGNED_HEADERS.search(query)
    return frozenset(unquote_plus(found[1]).lower().split(";")) if found else frozenset()


def _signed_fields(authorization: str) -> frozenset[str]:
    """Names of the header fields that `Authorization` covers."""
    found = _SIGNED_FIELDS.search(authorization)
    return frozenset(found[1].lower().split(";")) if found else frozenset()
