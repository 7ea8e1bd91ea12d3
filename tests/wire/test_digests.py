"""Which fields hold digests, and what they hold for another body."""

from __future__ import annotations

import pytest

from promptguard.wire.digests import digest_again, is_digest


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("content-md5", "x", "rL0Y20zC+Fzt72VPzMSk2A=="),
        ("x-amz-checksum-crc32", "x", "jHNlIQ=="),
        ("x-amz-checksum-crc32c", "x", None),
        ("digest", "md5=x", "md5=rL0Y20zC+Fzt72VPzMSk2A=="),
        ("digest", "not a digest", None),
        ("repr-digest", "md5=:x:, unixsum=1", "md5=:rL0Y20zC+Fzt72VPzMSk2A==:"),
        ("x-goog-hash", "crc32c=x", None),
    ],
)
def test_digest_again(name: str, value: str, expected: str | None) -> None:
    assert is_digest(name)
    assert digest_again(name, value, b"foo") == expected


def test_other_fields_are_none() -> None:
    assert not any(map(is_digest, ("etag", "content-length", "want-digest", "x-amz-sdk-checksum-algorithm")))
