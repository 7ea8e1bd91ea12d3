import base64
import binascii
import hashlib
import random
import string
import zlib
from collections.abc import Callable

import pytest

from promptguard.detectors.validators import vendor_tokens as checks

DRAW = random.Random(7)
BASE32 = string.ascii_uppercase + "234567"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def random_text(size: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(DRAW.choices(alphabet, k=size))


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def mistype(token: str) -> str:
    """The token with its last letter or digit replaced by the next of its kind."""
    last = token[-1]
    kind = next(each for each in (string.digits, string.ascii_lowercase, string.ascii_uppercase) if last in each)
    return token[:-1] + kind[(kind.index(last) + 1) % len(kind)]


@pytest.mark.parametrize(("text", "checksum"), [("", 0), ("a", 0xE8B7BE43), ("123456789", 0xCBF43926)])
def test_base62_crc32(text: str, checksum: int) -> None:
    # CRC-32 of "123456789" is 0xCBF43926, the check value of the algorithm's definition.
    digits = checks.base62_crc32(text)
    assert len(digits) == 6
    assert sum(checks.BASE62.index(digit) * 62**place for place, digit in enumerate(reversed(digits))) == checksum


@pytest.mark.parametrize(
    "token",
    [
        "glpat-" + "Lm4Qw8Zx2Rt6Yp0Vb3Nc",
        "hf_" + "kQ3vZ8xW1nT6yR0pL5sD2fG9hJ4bV7cMuX",
        "ico-" + "7a388b69018576d24b59331fd60aab0c",
        "xoxb-" + "4823059174826-5930284715602-hT6kLw9PzQe2XnVbRy4MsJdF",
    ],
)
def test_random_tokens_keep_the_score_of_their_pattern(token: str) -> None:
    assert checks.vendor_token(token) is None


@pytest.mark.parametrize(
    "token",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "glpat-" + "x" * 20,
        "glpat-" + "your-access-token-here",
        "glpat-" + "${GITLAB_TOKEN_OF_CI}",
        "sk-" + "1234567890abcdef1234567890abcdef",
        "sk-ant-api03-" + "abc123def456ghi789-jkl012mno345-pqr678stu901-vwx234",
        "hf_" + "A" * 34,
        "pcsk_" + "1111-2222-3333-4444-5555-6666",
        "fc-" + "background-position-center-bottom",
        "secret_" + "refreshTokenRotationHandlerFactory",
        "sk_live_" + "RANDOMSTRINGHERE",
    ],
)
def test_what_only_shows_a_token_is_none(token: str) -> None:
    assert checks.vendor_token(token) is False


def test_random_text_is_seldom_taken_for_words_or_samples() -> None:
    for alphabet in (string.ascii_letters + string.digits, "0123456789abcdef", string.ascii_lowercase + string.digits):
        lost = sum(checks.vendor_token("ab_" + random_text(32, alphabet)) is False for _ in range(2000))
        assert lost < 10


def test_the_last_part_alone_is_the_secret() -> None:
    assert checks.last_part("xoxb-" + "511111111111-511111111111-" + "hT6kLw9PzQe2XnVbRy4MsJdF") is None
    assert checks.last_part("xoxb-" + "4823059174826-5930284715602-" + "x" * 24) is False


def test_tokens_with_a_repeated_start() -> None:
    assert checks.long_prefix_token("A" * 22 + random_text(70)) is None
    assert checks.long_prefix_token("A" * 92) is False


@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("8c1f0e7d5b3a49268f7e6d5c4b3a2910", None),
        ("5b3ea9c2-7f14-4d0e-9a6b-2c8d1e7f3a50", None),
        ("12345678-ABCD-ABCD-ABCD-1234567890AB", 0.5),
        ("1234567890abcdef1234567890abcdef", False),
        ("00000000-0000-0000-0000-000000000000", False),
        ("12345098761234509876123450987612", False),
        ("my-production-application-id", False),
        ("getUserAuthenticationToken", False),
        ("x" * 32, False),
    ],
)
def test_named_key(value: str, score: float | bool | None) -> None:
    assert checks.named_key(value) == score


def github() -> str:
    body = random_text(30)
    return "ghp_" + body + checks.base62_crc32(body)


def grafana() -> str:
    rest = "glsa_" + random_text(32)
    return f"{rest}_{zlib.crc32(rest.encode()).to_bytes(4, 'little').hex()}"


def gitlab() -> str:
    payload = base64.urlsafe_b64encode(DRAW.randbytes(16) + b"o:1\nu:3f\x08").decode().rstrip("=")
    digits = string.digits + string.ascii_lowercase
    covered = f"glpat-{payload}.01.{digits[len(payload) // 36]}{digits[len(payload) % 36]}"
    checksum, number = "", zlib.crc32(covered.encode())
    for _ in range(7):
        number, digit = divmod(number, 36)
        checksum = digits[digit] + checksum
    return covered + checksum


def synapse() -> str:
    rest = f"syt_{encoded('ana')}_{random_text(20, string.ascii_letters)}"
    return rest + "_" + checks.base62_crc32(rest)


def age() -> str:
    """A Bech32 string as BIP 173 makes it, which an identity of age is in upper case."""
    data = [DRAW.randrange(32) for _ in range(52)]
    prefix = "age-secret-key-"
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + data
    remainder = checks._bech32_remainder([*values, 0, 0, 0, 0, 0, 0]) ^ 1
    data += [remainder >> 5 * (5 - place) & 31 for place in range(6)]
    return (prefix + "1" + "".join(BECH32[value] for value in data)).upper()


def base58(payload: bytes) -> str:
    checked = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, digits = int.from_bytes(checked), ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    return digits


def tezos() -> str:
    return base58(bytes([13, 15, 58, 7]) + DRAW.randbytes(32))


@pytest.mark.parametrize(
    ("make", "check"),
    [
        (github, checks.checksummed_token),
        (grafana, checks.grafana_token),
        (gitlab, checks.gitlab_token),
        (synapse, checks.synapse_token),
        (age, checks.bech32),
        (tezos, checks.base58_check),
    ],
)
def test_checksums_raise_the_score_and_their_absence_lowers_it(
    make: Callable[[], str], check: Callable[[str], float | bool | None]
) -> None:
    for _ in range(5):
        token = make()
        assert check(token) is True
        assert check(mistype(token)) == checks.MISTYPED
        assert check(token[:8] + "x" * (len(token) - 8)) is False


def test_bech32_of_the_standard() -> None:
    # BIP 173, test vectors: a valid string, and the same with another prefix.
    assert checks._bech32_remainder([3, 0, 1] + [BECH32.index(c) for c in "2uel5l"]) == 1
    assert checks._bech32_remainder([3, 0, 2] + [BECH32.index(c) for c in "2uel5l"]) != 1


def test_gitlab_tokens_without_a_checksum_keep_their_score() -> None:
    assert checks.gitlab_token("glpat-" + random_text(20)) is None


@pytest.mark.parametrize(
    ("make", "check"),
    [
        (lambda: base58(b"\x80" + DRAW.randbytes(32) + b"\x01"), checks.wallet_import_format),
        (lambda: stellar(), checks.stellar_seed),
    ],
    ids=["wallet_import_format", "stellar_seed"],
)
def test_formats_without_a_prefix_stand_and_fall_with_their_checksum(
    make: Callable[[], str], check: Callable[[str], bool]
) -> None:
    token = make()
    assert check(token) is True
    assert check(token[:9] + mistype(token[9:10]) + token[10:]) is False


def stellar() -> str:
    while True:
        raw = bytes([18 << 3]) + DRAW.randbytes(32)
        seed = base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")).decode()
        if seed[9].isalpha() and seed[9] != "Z":
            return seed


def access_key(account: int) -> str:
    number = account << 7 | 0x7F
    return "AKIA" + base64.b32encode(number.to_bytes(6) + DRAW.randbytes(4)).decode()


def test_aws_access_key_ids() -> None:
    assert checks.aws_access_key_id(access_key(482_093_175_620)) == checks.STRUCTURED
    assert checks.aws_access_key_id(access_key(1_050_000_000_000)) == 0.9
    assert checks.aws_access_key_id("AKIA" + "Q81WX0R9T1LB8ZKC") == checks.MISTYPED
    assert checks.aws_access_key_id("AKIA" + "IOSFODNN7EXAMPLE") is False
    assert checks.aws_access_key_id("ASIA" + "ANDPACIFICREGION") is False
    assert checks.aws_access_key_id("AKIA" + "QXVJKWZHPLDTBFMG")


@pytest.mark.parametrize(
    ("identity", "expected"), [("482093175620482093", checks.STRUCTURED), ("not a number at all", checks.MISTYPED)]
)
def test_discord_tokens(identity: str, expected: float) -> None:
    assert checks.discord_token(f"{encoded(identity)}.GkQx3b.{random_text(38)}") == expected
    assert checks.discord_token(f"{encoded(identity)}.GkQx3b.{'x' * 38}") is False


@pytest.mark.parametrize(
    ("identity", "start", "expected"),
    [("4820931756", "AA", checks.STRUCTURED), ("4820931756", "Ab", checks.MISTYPED), ("48209", "AA", checks.MISTYPED)],
)
def test_telegram_tokens(identity: str, start: str, expected: float) -> None:
    assert checks.telegram_token(f"{identity}:{start}{random_text(33)}") == expected
    assert checks.telegram_token(f"{identity}:{start}{'x' * 33}") is False


def test_objects_in_base64() -> None:
    body = encoded('{"u": "' + random_text(40) + '"}')
    assert checks.encoded_object(f"p.{body}.{random_text(43)}") == checks.STRUCTURED
    assert checks.encoded_object(f"p.eyJ{random_text(60)}.{random_text(43)}") == checks.MISTYPED
    assert checks.encoded_object(f"p.{body}.{'x' * 43}") is False


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("kzqw bvxt jdpl mfrg", None),
        ("x7kq-2mvp-9dzt-hw4c", None),
        ("have some more time", False),
        ("xxxx xxxx", False),
    ],
)
def test_app_passwords(value: str, expected: bool | None) -> None:
    assert checks.app_password(value) is expected


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("CIBDYWZEW7234ZZZ", False),
        ("QXLM567WRTABCKHP", False),
        ("1234567890ABCDEF", True),
        ("ABCD1234EFGH5678", True),
        ("XXXXXXXXXXXXXXXX", True),
    ],
)
def test_a_few_runs_in_a_key_are_chance(body: str, shown: bool) -> None:
    assert (checks.aws_access_key_id("AKIA" + body) is False) is shown
