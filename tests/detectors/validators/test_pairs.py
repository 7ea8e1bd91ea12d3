import base64
import random

import pytest

from promptguard.detectors.validators import pairs as checks

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
    ("value", "found"),
    [
        ("hunter" + "2", True),
        ("sun" + "flower", True),
        ("$PASS", False),
        ("$(cat x)", False),
        ("<password>", False),
        ("PASSWORD", False),
        ("DB_PASSWORD", False),
        ("--user", False),
        ("8080:80", False),
        ("3306", False),
        ("/run/secrets/db", False),
        ("required", False),
        ("tiger", False),
    ],
)
def test_argument_password(value: str, found: bool) -> None:
    assert bool(checks.argument_password(value)) is found


@pytest.mark.parametrize(
    ("value", "quoted", "mixed"),
    [
        ("Kx9" + "vvTq", True, True),
        ("sun" + "flower", True, False),
        ("password", False, False),
        ("tiger", False, False),
    ],
)
def test_passwords_in_calls(value: str, quoted: bool, mixed: bool) -> None:
    assert (bool(checks.quoted_password(value)), bool(checks.mixed_password(value))) == (quoted, mixed)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("regen" + "bogen", True),
        ("post" + "gres", True),
        ("password", False),
        ("${PASS}", False),
        ("$1", False),
        ("<password>", False),
        ("****", False),
    ],
)
def test_url_password(value: str, found: bool) -> None:
    assert bool(checks.url_password(value)) is found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("ana:" + "s0mmer", True),
        ("user:password", False),
        ("$USER:$PASS", False),
        ("x7Kp" + "2qLm9v:", True),
        ("xxx:yyy", False),
        ("localhost:8443", False),
        (":", False),
    ],
)
def test_user_and_password(value: str, found: bool) -> None:
    assert bool(checks.user_and_password(value)) is found


@pytest.mark.parametrize(
    ("value", "found"),
    [("sun" + "flower", True), ("hunter" + "2", True), ("are", False), ("required", False), ("read/write", False)],
)
def test_account_password(value: str, found: bool) -> None:
    assert bool(checks.account_password(value)) is found


@pytest.mark.parametrize(
    ("value", "found"),
    [("Kowal" + "czyk", True), ("is required", False), ("the one that you chose", False), ("x", False)],
)
def test_security_answer(value: str, found: bool) -> None:
    assert bool(checks.security_answer(value)) is found


@pytest.mark.parametrize(
    ("value", "found"), [(random_text(30, 4), True), ("<access_token>", False), ("${TOKEN1}", False)]
)
def test_bearer_token(value: str, found: bool) -> None:
    assert bool(checks.bearer_token(value)) is found


def test_vendor_values_are_longer_than_other_keys() -> None:
    assert checks.issued_key(random_text(12, 5))
    assert not checks.vendor_value(random_text(12, 5))
    assert checks.vendor_value(random_text(24, 5))


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


def test_pin_that_looks_like_a_year_scores_lower() -> None:
    assert checks.pin("4821") > checks.pin("1987") >= 0.4
