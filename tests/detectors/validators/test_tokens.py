import base64
import random

import pytest

from promptguard.detectors.validators import tokens as checks

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def random_text(size: int, seed: int = 1, alphabet: str = ALPHABET) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=size))


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('{"alg":"HS256","typ":"JWT"}', True),
        ('{"alg":"dir","enc":"A128GCM"}', True),
        ('{"foo":"bar"}', False),
        ("[1,2]", False),
    ],
)
def test_json_web_token(header: str, found: bool) -> None:
    assert bool(checks.json_web_token(f"{encoded(header)}.{encoded('{}')}.{random_text(43)}")) is found


@pytest.mark.parametrize(
    ("decoded", "found"),
    [
        (b"ana:s0mm" + b"erregen", True),
        (b"no colon in here", False),
        (b"username:password", False),
        (b"\xff\xfe\x00:\x01x", False),
    ],
)
def test_basic_authorization(decoded: bytes, found: bool) -> None:
    assert bool(checks.basic_authorization(base64.b64encode(decoded).decode())) is found


def test_what_is_no_base64_is_no_basic_authorization() -> None:
    assert checks.basic_authorization("information") is False


@pytest.mark.parametrize(
    ("value", "found"), [(random_text(30, 4), True), ("<access_token>", False), ("${TOKEN1}", False)]
)
def test_bearer_token(value: str, found: bool) -> None:
    assert bool(checks.bearer_token(value)) is found


def test_masked_hashes_are_none() -> None:
    assert checks.password_hash("$2b$12$" + "x" * 53) is False
    assert checks.password_hash("$2b$12$" + random_text(53)) is None


ASN1 = {
    "PKCS#1": b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01",
    "SEC 1": b"\x30\x77\x02\x01\x01\x04\x20",
    "PKCS#8": b"\x30\x82\x04\xbe\x02\x01\x00\x30\x0d\x06\x09",
    "PKCS#8, Ed25519": b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03",
    "PKCS#12": b"\x30\x82\x09\x59\x02\x01\x03\x30\x82\x09\x1f",
    "PKCS#8, encrypted": b"\x30\x82\x05\x0e\x30\x40\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d",
}


@pytest.mark.parametrize("head", ASN1.values(), ids=ASN1)
def test_keys_in_asn1(head: bytes) -> None:
    assert checks.encoded_private_key(base64.b64encode(head + random.Random(1).randbytes(90)).decode())


@pytest.mark.parametrize(
    "head",
    [b"\x30\x82\x03\xc5\x30\x82\x02\xad\xa0\x03\x02\x01\x02", b"\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86"],
)
def test_certificates_and_public_keys_are_none(head: bytes) -> None:
    assert checks.encoded_private_key(base64.b64encode(head + bytes(80)).decode()) is False


@pytest.mark.parametrize(("kind", "found"), [("RSA PRIVATE KEY", True), ("CERTIFICATE", False)])
def test_pem_in_base64(kind: str, found: bool) -> None:
    dashes = "-" * 5
    pem = f"{dashes}BEGIN {kind}{dashes}\n{random_text(64)}\n".encode()
    assert bool(checks.encoded_private_key(base64.b64encode(pem).decode())) is found
