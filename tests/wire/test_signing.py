"""Which headers bind a body, its length, or can be made anew for another."""

from __future__ import annotations

import pytest

from promptguard.model import Request
from promptguard.wire.signing import content_encoding, digests_again, is_body_bound, is_length_bound

SIGNED = "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0"
MD5 = "1B2M2Y8AsgTpgAmY7PhCfg=="
SIGNED_ADDRESS = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-SignedHeaders={}&X-Amz-Signature=0"


def request(headers: dict[str, str], query: str = "", path: str = "/") -> Request:
    return Request("PUT", "h", path, query, headers)


@pytest.mark.parametrize(
    ("headers", "query", "bound"),
    [
        ({}, "", False),
        ({"authorization": SIGNED}, "", True),
        ({"authorization": SIGNED, "x-amz-content-sha256": "e3b0c442"}, "", True),
        ({"authorization": SIGNED, "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}, "", False),
        ({"x-amz-content-sha256": "e3b0c442"}, SIGNED_ADDRESS.format("host"), True),
        ({"authorization": SIGNED, "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}, "", True),
        ({"authorization": "Bearer x"}, "", False),
        ({"content-md5": MD5}, "", False),
        ({"content-md5": MD5, "authorization": "Bearer x"}, "", False),
        ({"content-md5": MD5, "authorization": "SharedKey account:x"}, "", True),
        ({"content-md5": MD5, "authorization": "OSS id:x"}, "", True),
        ({"content-md5": MD5, "authorization": SIGNED, "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}, "", True),
        ({"content-md5": MD5}, SIGNED_ADDRESS.format("host"), False),
        ({"content-md5": MD5}, SIGNED_ADDRESS.format("content-md5%3Bhost"), True),
        ({"content-digest": "sha-256=:x:"}, "", False),
        ({"content-digest": "sha-256=:x:", "signature-input": 'a=("content-digest")'}, "", True),
        ({"content-digest": "unixsum=30637"}, "", True),
        ({"x-goog-hash": "crc32c=n03x6A=="}, "", True),
        ({"x-goog-hash": f"crc32c=n03x6A==,md5={MD5}"}, "", False),
        ({"x-amz-checksum-crc32": "AAAAAA=="}, "", False),
        ({"x-amz-checksum-crc64nvme": "AAAAAAAAAAA="}, "", True),
        ({"content-length": "3", "etag": "x"}, "", False),
    ],
)
def test_is_body_bound(headers: dict[str, str], query: str, bound: bool) -> None:
    assert is_body_bound(request(headers, query)) is bound


@pytest.mark.parametrize(
    ("asked", "bound"),
    [
        (request({}), False),
        (request({"content-range": "bytes 0-99/200"}), True),
        (request({"x-goog-upload-offset": "0"}), True),
        (request({"upload-offset": "70"}), True),
        (request({}, SIGNED_ADDRESS.format("content-length%3Bhost")), True),
        (request({"authorization": SIGNED.replace("=host", "=content-length;host")}), True),
        (request({"authorization": SIGNED}), False),
        (request({}, path="/v1/uploads/upload_1/parts"), True),
        (request({}, path="/v1/uploads"), False),
    ],
)
def test_is_length_bound(asked: Request, bound: bool) -> None:
    assert is_length_bound(asked) is bound


@pytest.mark.parametrize(
    ("headers", "encoding"),
    [
        ({"content-encoding": "gzip"}, "gzip"),
        ({"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}, ""),
        ({"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}, ", aws-chunked"),
        (
            {"x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "content-encoding": "aws-chunked"},
            "aws-chunked",
        ),
    ],
)
def test_amazons_chunks_are_an_encoding(headers: dict[str, str], encoding: str) -> None:
    assert content_encoding(headers) == encoding


def test_digests_of_another_body() -> None:
    declared = {
        "content-md5": "x",
        "digest": "SHA-256=x, MD5=y",
        "content-digest": "sha-256=:x:, sha-512=:y:",
        "x-goog-hash": "crc32c=z,md5=y",
        "x-amz-checksum-sha1": "x",
        "x-amz-checksum-crc32": "x",
        "etag": "x",
    }
    assert digests_again(declared, b"") == {
        "content-md5": MD5,
        "digest": f"SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=, MD5={MD5}",
        "content-digest": (
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:, sha-512=:z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdN"
            "s6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==:"
        ),
        "x-goog-hash": f"md5={MD5}",
        "x-amz-checksum-sha1": "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        "x-amz-checksum-crc32": "AAAAAA==",
    }
