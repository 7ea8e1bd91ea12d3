"""Checks on what looks like a credential: checksums and structure where a format has them, else whether it is literal.

Every function is registered under the name that `config/recognizers/credentials*.yaml` uses. It gets the secret alone
and answers as `validators` says: True is certain, False is no finding, a number is the score, None keeps the
pattern's score.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import json
import re
import zlib

from promptguard.detectors.placeholders_and_examples import (
    entropy,
    is_code,
    is_masked,
    is_placeholder,
    is_sequence,
    is_stand_in,
    is_template,
    words,
)
from promptguard.detectors.validators import validator

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKSUM_DIGITS = 6
MISTYPED = 0.7
"""Score of a token whose checksum is wrong: a mistyped or shortened key is still somebody's key."""

_HEX = re.compile(r"[0-9a-fA-F]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_IDENTIFIER = re.compile(r"[A-Za-z_]+(?:[_\-.][A-Za-z]+)*\d{0,2}")
_PATH_OR_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.\-]{1,12}:)?//|^(?:~|\.{1,2})?/[\w.\-]+(?:/[\w.\-]+)+/?$|^[A-Za-z]:\\")
_FILE = re.compile(
    r"[\w.\-/]+\.(?:json|ya?ml|txt|pem|key|crt|py|js|ts|go|rb|java|php|html?|env|toml|ini|cfg|conf|xml|md)"
)
_VERSION_OR_NUMBER = re.compile(r"[vV]?\d+(?:\.\d+)*(?:[a-z]{1,2})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.+Z\-]+)?")


def base62_crc32(text: str) -> str:
    """CRC-32 of ASCII text as six base-62 digits, as GitHub and npm put at the end of their tokens.

    Source: github.blog, "Behind GitHub's new authentication token formats" (2021).
    """
    number = zlib.crc32(text.encode("ascii"))
    digits = ""
    for _ in range(_CHECKSUM_DIGITS):
        number, remainder = divmod(number, 62)
        digits = BASE62[remainder] + digits
    return digits


@validator("base62_crc32")
def checksummed_token(match_text: str) -> float | bool:
    """`prefix_` + random part + checksum of the random part."""
    if vendor_token(match_text) is False:
        return False
    body = match_text.rpartition("_")[2]
    return base62_crc32(body[:-_CHECKSUM_DIGITS]) == body[-_CHECKSUM_DIGITS:] or MISTYPED


@validator("vendor_token")
def vendor_token(match_text: str) -> float | bool | None:
    """A token whose format names its vendor: only masks, counted-off characters and documentation samples are none."""
    if _is_documentation_sample(match_text):
        return False
    # The fixed prefix is no evidence for or against.
    body = match_text[max(3, len(match_text) // 3) :]
    if is_masked(match_text) or is_template(match_text) or is_sequence(body):
        return False
    if entropy(body) < min(2.5, 0.14 * len(body)):
        return False
    end = re.split(r"[_\-]", match_text)[-1]
    written = len(end) >= 12 and not any(map(str.isdigit, end)) and _CAMEL_CASE.fullmatch(end)
    stand_in = is_stand_in(body) or is_stand_in(re.split(r"[_\-]", match_text, maxsplit=1)[-1])
    return False if written or stand_in else None


@validator("jwt")
def json_web_token(match_text: str) -> float | bool:
    """Three parts of which the first is a JSON object with `alg` (RFC 7515 4.1.1), or `enc` (RFC 7516)."""
    header = match_text.partition(".")[0]
    try:
        decoded = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        # Cut out of a longer text or mistyped: `eyJ` with two dots is still most likely a token.
        return False if is_masked(match_text) else 0.5
    if not isinstance(decoded, dict) or not ({"alg", "enc", "typ", "kid"} & decoded.keys()):
        return False
    return False if is_masked(match_text) else 0.95


@validator("basic_authorization")
def basic_authorization(match_text: str) -> float | bool:
    """`user:password` in base64 (RFC 7617)."""
    if is_placeholder(match_text):
        return False
    try:
        decoded = base64.b64decode(match_text + "=" * (-len(match_text) % 4), validate=True)
    except binascii.Error:
        return False
    user, colon, password = decoded.decode("utf-8", "replace").partition(":")
    return 0.9 if colon and (user or password) and not is_placeholder(password or user) else False


@validator("bearer_token")
def bearer_token(match_text: str) -> float | bool:
    """What follows `Bearer`: any opaque literal."""
    if is_placeholder(match_text) or is_code(match_text) or _IDENTIFIER.fullmatch(match_text):
        return False
    return 0.85 if any(map(str.isdigit, match_text)) and entropy(match_text) >= 2.5 else False


@validator("secret_value")
def secret_value(match_text: str) -> float | bool:
    """A value whose name says token, key or secret: random-looking, which is what tells it from names and code."""
    if not _is_literal(match_text) or is_sequence(match_text):
        return False
    if _PATH_OR_ADDRESS.search(match_text) or _FILE.fullmatch(match_text) or _DATE.fullmatch(match_text):
        return False
    if _is_documentation_sample(match_text):
        return False
    if _UUID.fullmatch(match_text):
        return 0.75 if entropy(match_text) > 2.5 else False
    has_digit = any(map(str.isdigit, match_text))
    bits = entropy(match_text)
    if _HEX.fullmatch(match_text) and has_digit:
        return (0.8 if len(match_text) >= 24 else 0.6) if len(match_text) >= 16 and bits >= 2.6 else False
    if match_text.isdigit():
        return False
    if _looks_written(match_text):
        return False
    if not has_digit:
        # Letters alone are random where upper and lower case alternate as no written name does.
        return (
            0.6
            if len(match_text) >= 20 and bits >= 3.8 and _changes_of_case(match_text) * 4 >= len(match_text)
            else False
        )
    if len(match_text) >= 20:
        return 0.8 if bits >= 3.2 else False
    return 0.65 if bits >= 2.9 else False


@validator("vendor_value")
def vendor_value(match_text: str) -> float | bool | None:
    """A value beside the name of a vendor: as `secret_value`, but of the length of an issued key."""
    return secret_value(match_text) if len(match_text) >= 20 else False


@validator("quoted_password")
def quoted_password(match_text: str) -> float | bool:
    """A literal in quotes whose name says password."""
    if not _is_literal(match_text) or _PATH_OR_ADDRESS.search(match_text):
        return False
    if " " in match_text:
        # A sentence about the password ("must have 8 characters") rather than a pass phrase.
        return 0.5 if any(map(str.isdigit, match_text)) and len(match_text.split()) <= 3 else False
    if _mixes_kinds(match_text):
        return 0.8
    return False if _IDENTIFIER.fullmatch(match_text) and re.search(r"[_.]|[a-z][A-Z]", match_text) else 0.6


@validator("bare_password")
def bare_password(match_text: str) -> float | bool:
    """What follows `password=` or `password:` without quotes. In code that is nearly always a name."""
    if not _is_literal(match_text) or _PATH_OR_ADDRESS.search(match_text) or _FILE.fullmatch(match_text):
        return False
    if match_text.isdigit():
        return 0.55 if len(match_text) >= 5 else False
    return 0.7 if _mixes_kinds(match_text) and not _is_code_name(match_text) else False


@validator("spoken_password")
def spoken_password(match_text: str) -> float | bool:
    """What a sentence gives as the password; ordinary words are the rest of the sentence."""
    if not _is_literal(match_text) or _PATH_OR_ADDRESS.search(match_text):
        return False
    if match_text.isdigit():
        return 0.6 if len(match_text) >= 4 else False
    return 0.75 if _mixes_kinds(match_text) and not _is_plain_compound(match_text) else False


@validator("pin")
def pin(match_text: str) -> float | bool:
    """A PIN or one-time code; years and round numbers are dates and counts more often."""
    return 0.6 if not re.fullmatch(r"(?:19|20)\d\d|\d0{3,}", match_text) else 0.45


@validator("url_password")
def url_password(match_text: str) -> float | bool:
    """The password of a URL or connection string: any literal, weak ones too."""
    if is_template(match_text) or is_masked(match_text) or is_code(match_text):
        return False
    if match_text.lower() in _DOCUMENTATION_PASSWORDS:
        return False
    return False if is_stand_in(match_text) and "secret" not in match_text.lower() else 0.85


_DOCUMENTATION_PASSWORDS = frozenset(
    {
        "pass",
        "password",
        "passwd",
        "pwd",
        "secret",
        "token",
        "example",
        "key",
        "apikey",
        "user",
        "username",
        "pw",
        "xxx",
        "yyy",
    }
)


def _is_documentation_sample(text: str) -> bool:
    """AWS's own documents end their samples in EXAMPLE or EXAMPLEKEY; a long token spells no word by accident."""
    upper = text.upper()
    return upper.endswith(("EXAMPLE", "EXAMPLEKEY")) or (len(upper) >= 40 and "EXAMPLE" in upper)


def _is_literal(text: str) -> bool:
    return not (is_placeholder(text) or is_code(text) or (_VERSION_OR_NUMBER.fullmatch(text) and not text.isdigit()))


def _mixes_kinds(text: str) -> bool:
    """Whether letters go with digits or signs, or case changes within, as passwords do and words do not."""
    digit = any(map(str.isdigit, text))
    letter = any(map(str.isalpha, text))
    sign = any(not character.isalnum() and character not in "_-.'’," for character in text[:-1]) or text[-1:] in set(
        "!$#@&%*+^~"
    )
    if digit and letter:
        return True
    if sign:
        return letter or digit
    return letter and re.search(r"[a-z][A-Z]+[a-z]+[A-Z]", text) is not None and len(text) <= 16


def _is_code_name(text: str) -> bool:
    """A variable such as `pwd_2` or `password1`, or a name with a number that code would use."""
    return re.fullmatch(r"[A-Za-z]+(?:_[A-Za-z]+)*_?\d?", text) is not None and ("_" in text or is_stand_in(text))


def _is_plain_compound(text: str) -> bool:
    """Words of prose joined by signs, and numbers with a unit: `and/or`, `8-character`, `SHA-256`, `2FA`."""
    return re.fullmatch(r"[A-Za-z]+(?:[/&+\-][A-Za-z]+)+|\d+[-–]?[A-Za-z]{1,12}|[A-Z]{2,8}-?\d{1,4}", text) is not None


def _looks_written(text: str) -> bool:
    """A name of words and small numbers: `my-app-token-2`, `refreshTokenV2`, `cl100k_base`, `size=65`."""
    if re.match(r"[A-Za-z_]+=[^=]", text):
        return True
    parts = re.split(r"[_\-.:/ ]+", text)
    if len(parts) > 1 and all(map(_NAME_PART.fullmatch, parts)):
        return True
    if _CAMEL_CASE.fullmatch(text):
        return True
    if text.lower() == text or text.upper() == text:
        return False
    # `MLKEM1024P384PublicKey`: random text of mixed case falls apart into pieces of two letters, names into words.
    letters = [word for word in words(text) if not word.isdigit()]
    return len(letters) >= 3 and sum(map(len, letters)) >= max(4 * len(letters), 0.6 * len(text))


_CAMEL_CASE = re.compile(r"[A-Za-z]?[a-z]+(?:[A-Z][a-z]+)*[vV]?\d{0,2}")
_NAME_PART = re.compile(r"[A-Za-z]{2,}\d{0,2}|[a-z]{1,5}\d{0,5}|\d{1,4}|[vV]\d+|[a-z]\d{1,3}[a-z]?|cl\d+k")


def _changes_of_case(text: str) -> int:
    return sum(a.isupper() != b.isupper() for a, b in itertools.pairwise(text))


@validator("long_prefix_token")
def long_prefix_token(match_text: str) -> bool | None:
    """A token that starts with many equal characters, as X's bearer tokens do with `A`: only its end tells."""
    return False if vendor_token(match_text.lstrip("A")) is False else None


@validator("user_and_password")
def user_and_password(match_text: str) -> float | bool:
    """`user:password`; either may be empty, as where a token is given as the user."""
    user, _, password = match_text.partition(":")
    secret = password or user
    if url_password(secret) is False or is_template(match_text):
        return False
    return 0.85


@validator("connection_string")
def connection_string(match_text: str) -> float | bool:
    """A URL whose user information or parameters hold a password."""
    _, _, rest = match_text.partition("://")
    authority, at, _ = rest.rpartition("@")
    password = authority.partition(":")[2] if at else ""
    if not password:
        found = re.search(r"(?i)(?:password|pwd)=([^&;\s]+)", match_text)
        password = found[1] if found else ""
    return 0.9 if password and not _is_oracle_sample(authority) and url_password(password) is not False else False


def _is_oracle_sample(authority: str) -> bool:
    """`scott:tiger`, the account of Oracle's documentation since its second release."""
    return authority.lower() == "scott:tiger"


@validator("password_hash")
def password_hash(match_text: str) -> bool | None:
    """A salted hash; only masks are none."""
    return False if is_masked(match_text) else None


@validator("encoded_private_key")
def encoded_private_key(match_text: str) -> float | bool | None:
    """Base64 of a PEM private key. Certificates and public keys begin alike."""
    if match_text.startswith("MII"):
        return None
    head = match_text[:120]
    try:
        decoded = base64.b64decode(head[: len(head) // 4 * 4])
    except binascii.Error:
        return False
    return 0.95 if b"PRIVATE KEY" in decoded else False
