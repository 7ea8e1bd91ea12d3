from __future__ import annotations

from base64 import b64encode

import pytest

from promptguard.model import Nature
from promptguard.wire.heads.credentials import credential

SEALED, PROTOCOL, TEXT = Nature.SEALED, Nature.PROTOCOL, Nature.TEXT


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("value", "natures"),
    [
        ("Bearer abc.def-ghi_jkl~1+/=", [SEALED]),
        ("bearer abc", [SEALED]),
        ("token abc123", [SEALED]),
        ("abc123", [SEALED]),
        ("DeepL-Auth-Key abc-123:fx", [SEALED]),
        ("Bearer tid=ab;exp=1;ip=10.0.0.1:" + "ab" * 32, [SEALED]),
        ("AWS4-HMAC-SHA256 Credential=A/1/r/s/aws4_request, SignedHeaders=host;x-amz-date, Signature=ab12", [SEALED]),
        ("SAPISIDHASH 1_" + "a" * 40 + " SAPISID1PHASH 1_" + "b" * 40, [SEALED]),
        ("Bearer " + "A1" * 20, [SEALED]),
        (basic("x", "a1b2c3d4e5f6a7b8c9d0e1"), [TEXT, SEALED]),
        (basic("a1b2c3d4e5f6a7b8c9d0e1", ""), [SEALED]),
        # No credential by its form.
        ("Bearer 4539148803436467", [PROTOCOL]),
        ("Bearer DE89370400440532013000", [PROTOCOL]),
        ("Bearer jo@example.org", [TEXT]),
        ("Bearer abc, Bearer def", [TEXT]),
        ("Bearer abc and my note", [TEXT]),
        ("password abc", [TEXT]),
        ("AWS4-HMAC-SHA256 Credential=A, note=jo@example.org", [TEXT]),
        (basic("admin", "hunter2hunter2"), [TEXT, TEXT]),
        (basic("jo@example.org", "x"), [TEXT, TEXT]),
        ("Basic not base64", [TEXT, TEXT]),
        ("Basic admin:hunter2", [TEXT, TEXT]),
    ],
)
def test_exactly_one_credential_is_sealed(value: str, natures: list[Nature]) -> None:
    assert [text.standing.nature for text in credential(value)] == natures


def test_a_persons_own_password_is_known_by_its_place() -> None:
    assert [(text.text, text.label) for text in credential(basic("admin", "pass:word1"))] == [
        ("admin", "user"),
        ("pass:word1", "password"),
    ]
