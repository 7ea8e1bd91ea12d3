"""Requests whose body is bound to something else in them: what is changed in such a body, the service refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SIGNED: Final = "aws4-hmac-sha256"
_UNSIGNED: Final = ("unsigned-payload", "streaming-unsigned-payload-trailer")

_DIGESTS: Final = ("content-md5", "digest", "content-digest", "repr-digest", "content-range", "x-goog-hash")
_CHECKSUMS: Final = "x-amz-checksum-"


def is_body_bound(headers: Mapping[str, str]) -> bool:
    """Whether a signature or a digest in the headers covers the body.

    AWS Signature Version 4 hashes it unless `x-amz-content-sha256` says otherwise; digests are those of RFC 1864, RFC
    9530, S3 and Google Cloud Storage; a part of an upload has its size in `content-range`. Header names in lower case.
    """
    if headers.get("authorization", "").lower().startswith(_SIGNED):
        return headers.get("x-amz-content-sha256", "").lower() not in _UNSIGNED
    return any(name in headers for name in _DIGESTS) or any(name.startswith(_CHECKSUMS) for name in headers)
