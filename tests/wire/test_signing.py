"""Which headers bind a body."""

from __future__ import annotations

import pytest

from promptguard.wire.signing import is_body_bound

SIGNED = "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0"


@pytest.mark.parametrize(
    ("headers", "bound"),
    [
        ({}, False),
        ({"authorization": SIGNED}, True),
        ({"authorization": SIGNED, "x-amz-content-sha256": "e3b0c442"}, True),
        ({"authorization": SIGNED, "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}, False),
        ({"authorization": "Bearer x"}, False),
        ({"content-md5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, True),
        ({"content-digest": "sha-256=:x:"}, True),
        ({"x-goog-hash": "crc32c=n03x6A=="}, True),
        ({"content-range": "bytes 0-99/200"}, True),
        ({"x-amz-checksum-crc32": "AAAAAA=="}, True),
        ({"content-length": "3", "etag": "x"}, False),
    ],
)
def test_is_body_bound(headers: dict[str, str], bound: bool) -> None:
    assert is_body_bound(headers) is bound
