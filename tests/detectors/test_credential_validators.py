import base64
import random

import pytest

from promptguard.detectors import credential_validators as checks

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def random_text(size: int, seed: int = 1, alphabet: str = ALPHABET) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=size))


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(("text", "checksum"), [("", "000000"), ("a", "3fIekn"), ("123456789", "3jA6Ky")])
def test_base62_crc32(text: str, checksum: str) -> None:
    # CRC-32 of "123456789" is 0xCBF43926, the check value of the algorithm's definition.
    value = sum(
        checks.BASE62.index(digit) * 62**place for place, digit in enumerate(reversed(checks.base62_crc32(text)))
    )
    assert value == {"": 0, "a": 0xE8B7BE43, "123456789": 0xCBF43926}[text]
    assert len(checks.base62_crc32(text)) == len(checksum)


def test_checksummed_token() -> None:
    body = random_text(30)
    good = checks.base62_crc32(body)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    assert checks.checksummed_token("ghp_" + body + good) is True
    assert checks.checksummed_token("ghp_" + body + wrong) == checks.MISTYPED
    assert checks.checksummed_token("ghp_" + "x" * 36) is False


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("AKIA" + random_text(16, 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), None),
        ("AKIA" + "Q3EGRIGEXAMPLE2X", None),
        ("AKIA" + "IOSFODNN7EXAMPLE", False),
        ("glpat-" + "x" * 20, False),
        ("glpat-" + "your-access-token-here", False),
        ("sk-" + "1234567890abcdef1234567890abcdef", False),
        ("hf_" + "A" * 34, False),
    ],
)
def test_vendor_token(token: str, expected: bool | None) -> None:
    assert checks.vendor_token(token) is expected


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


def test_basic_authorization() -> None:
    assert checks.basic_authorization(base64.b64encode(b"ana:s0mmerregen").decode())
    assert checks.basic_authorization(base64.b64encode(b"no colon in here").decode()) is False
    assert checks.basic_authorization("information") is False


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (random_text(32), True),
        (random_text(40, 3, "0123456789abcdef"), True),
        ("5b3ea9c2-7f14-4d0e-9a6b-2c8d1e7f3a50", True),
        ("00000000-0000-0000-0000-000000000000", False),
        ("your-api-key-goes-here-1", False),
        ("my-service-account-2", False),
        ("refreshTokenExpiryV2", False),
        ("tokenizer.encode", False),
        ("process.env.API_KEY_2", False),
        ("cl100k_base", False),
        ("1234567890123456", False),
        ("/etc/secrets/token1.json", False),
        ("2025-10-11T22:14:15Z", False),
        ("abcdefghijklmnop12", False),
        ("${SECRET_TOKEN_1}", False),
        ("aaaaaaaaaaaaaaaa1", False),
    ],
)
def test_secret_value(value: str, found: bool) -> None:
    assert bool(checks.secret_value(value)) is found


@pytest.mark.parametrize(
    ("value", "quoted", "bare", "spoken"),
    [
        ("hunter" + "2", True, True, True),
        ("S0mmer" + "!regen", True, True, True),
        ("Pa" + "ris75x", True, True, True),
        ("sunshine", True, False, False),
        ("48" + "2193", True, True, True),
        ("password", False, False, False),
        ("changeme", False, False, False),
        ("new_password1", False, False, False),
        ("user_input", False, False, False),
        ("self.password2", False, False, False),
        ("getpass()", False, False, False),
        ("********", False, False, False),
        ("null", False, False, False),
        ("{{ vault_pw1 }}", False, False, False),
        ("$PASS1", False, False, False),
        ("<password1>", False, False, False),
    ],
)
def test_passwords(value: str, quoted: bool, bare: bool, spoken: bool) -> None:
    answers = (checks.quoted_password(value), checks.bare_password(value), checks.spoken_password(value))
    assert tuple(map(bool, answers)) == (quoted, bare, spoken)


@pytest.mark.parametrize("value", ["and/or", "8-character", "SHA-256", "2FA", "case-sensitive", "required"])
def test_prose_is_no_password(value: str) -> None:
    assert checks.spoken_password(value) is False


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("postgres://ana:" + "regenbogen@db.test/app", True),
        ("redis://:" + "p4ssw0rdx@cache.test", True),
        ("jdbc:mysql://db.test/app?user=a&password=" + "regenbogen", True),
        ("postgres://user:password@localhost/db", False),
        ("postgres://user:${PASS}@localhost/db", False),
        ("mongodb://localhost:27017/app", False),
    ],
)
def test_connection_string(value: str, found: bool) -> None:
    assert bool(checks.connection_string(value)) is found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("ana:" + "s0mmer", True),
        ("user:password", False),
        ("$USER:$PASS", False),
        ("x7Kp" + "2qLm9v:", True),
        ("xxx:yyy", False),
    ],
)
def test_user_and_password(value: str, found: bool) -> None:
    assert bool(checks.user_and_password(value)) is found


def test_encoded_private_key() -> None:
    dashes = "-" * 5
    for kind, found in (("RSA PRIVATE KEY", True), ("CERTIFICATE", False)):
        pem = f"{dashes}BEGIN {kind}{dashes}\n{random_text(64)}\n".encode()
        assert bool(checks.encoded_private_key(base64.b64encode(pem).decode())) is found


def test_pin_that_looks_like_a_year_scores_lower() -> None:
    assert checks.pin("4821") > checks.pin("1987") >= 0.4
