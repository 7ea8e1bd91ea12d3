"""Checks on values that stand where a secret would: after an option, in a URL, beside a user's name, in a sentence.

Every function is registered under the name that `config/recognizers/credentials_*.yaml` uses, gets the value alone and
answers as `validators` says: False is no finding, a number is the score, None keeps the pattern's.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

from promptguard.detectors.secrets import secret_literals, spoken_words
from promptguard.detectors.secrets.placeholders_and_examples import (
    entropy,
    is_code,
    is_masked,
    is_placeholder,
    is_stand_in,
    is_template,
)
from promptguard.detectors.validators import validator

_IDENTIFIER = re.compile(r"[A-Za-z_]+(?:[_\-.][A-Za-z]+)*\d{0,2}")
_SHELL = re.compile(r"\$(?:\w+|[@*#?!]|[{(].*)[;,.)\"'/]?\Z|[%!]\w+[%!]\Z|[&*@?:%]\w{0,1}\Z|[&*@:]\w+\Z|\d?>|\\")
"""A variable, a positional argument, a redirection."""
_PORT_OR_SIZE = re.compile(r"\d{1,5}(?::\d{1,5})?(?:/\w+)?|\d+[kmgKMG]?")
_WORDS_OF_DOCUMENTS = (
    "pass password passwd pwd pw secret token example key apikey user username xxx yyy tiger mypassword mypass"
    " yourpassword pass_word userpass my-secret-pw"
)
_DOCUMENTATION = frozenset(_WORDS_OF_DOCUMENTS.split())
"""Passwords of documents; `tiger` is that of Oracle's account `scott` since its second release."""
_METAVARIABLE = re.compile(r"[A-Z][A-Z_\-]*(?:PASS|PASSWORD|PWD|SECRET|TOKEN|KEY)[A-Z_\-]*|\[.*|<.*|\.{2,}")


def _is_documented(text: str) -> bool:
    return text.lower() in _DOCUMENTATION or _METAVARIABLE.fullmatch(text) is not None


@validator("quoted_password")
def quoted_password(match_text: str) -> float | bool:
    """A literal in quotes where a call or statement takes a password."""
    return False if _is_documented(match_text) else secret_literals.quoted_password(match_text)


@validator("mixed_password")
def mixed_password(match_text: str) -> float | bool:
    """As `quoted_password`, where other arguments are as likely: letters with digits or signs only."""
    score = quoted_password(match_text)
    return score if score and secret_literals.mixes_kinds(match_text) else False


@validator("argument_password")
def argument_password(match_text: str) -> float | bool:
    """The argument of an option or directive that takes a password: any literal, words too."""
    text = match_text.strip("\"'")
    if len(text) < 3 or text.startswith("-") or _SHELL.match(text) or _PORT_OR_SIZE.fullmatch(text):
        return False
    if is_template(text) or is_masked(text) or is_placeholder(text) or _is_documented(text):
        return False
    if secret_literals.is_reference(text) or (is_code(text) and not secret_literals.mixes_kinds(text)):
        return False
    if text.lower() in secret_literals.STATES or text.lower() in spoken_words.STOP:
        return False
    return 0.75 if secret_literals.mixes_kinds(text) else 0.5


@validator("issued_key")
def issued_key(match_text: str) -> float | bool:
    """A value that takes the place of a token or key: random-looking, which is what tells it from names and code."""
    return secret_literals.issued_key(match_text)


@validator("vendor_value")
def vendor_value(match_text: str) -> float | bool:
    """A value beside the name of a vendor: random-looking, and of the length of an issued key."""
    return secret_literals.issued_key(match_text, shortest=secret_literals.LONG_KEY)


@validator("bearer_token")
def bearer_token(match_text: str) -> float | bool:
    """What follows `Bearer` or `Authorization:`: any opaque literal."""
    if is_placeholder(match_text) or is_code(match_text) or _IDENTIFIER.fullmatch(match_text):
        return False
    return 0.85 if any(map(str.isdigit, match_text)) and entropy(match_text) >= 2.5 else False


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
    if not colon or "\ufffd" in user or not (user + password).isprintable():
        return False
    secret = password or user
    return 0.9 if secret and not is_placeholder(secret) and not _is_documented(secret) else False


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


@validator("url_password")
def url_password(match_text: str) -> float | bool:
    """The password of a URL or connection string, weak ones too, or a token in the user's place."""
    if is_template(match_text) or is_masked(match_text) or is_code(match_text) or _SHELL.match(match_text):
        return False
    if _is_documented(match_text) or (is_stand_in(match_text) and "secret" not in match_text.lower()):
        return False
    return 0.85


@validator("user_and_password")
def user_and_password(match_text: str) -> float | bool:
    """`user:password`; either may be empty, as where a token is given as the user."""
    user, _, password = match_text.replace('"', "").replace("'", "").partition(":")
    secret = password or user
    if not secret or url_password(secret) is False or is_template(match_text) or is_template(user):
        return False
    # `host:port`, `file:line`
    return False if password.isdigit() and len(password) < 6 else 0.85


@validator("account_password")
def account_password(match_text: str) -> float | bool:
    """What stands beside a user's name where people write down accounts: plain words too, but not those of prose."""
    text = match_text.strip("\"'`*.,;:")
    if is_template(text) or is_placeholder(text) or secret_literals.is_reference(text) or _is_documented(text):
        return False
    if text.lower() in spoken_words.STOP or text.lower() in secret_literals.STATES or "/" in text:
        return False
    spoken = spoken_words.password_score(text)
    if spoken:
        return spoken
    return secret_literals.WEAK if text.islower() and text.isalpha() and len(text) >= 5 else False


@validator("spoken_password")
def spoken_password(match_text: str) -> float | bool:
    """What a sentence gives as the password; ordinary words are the rest of the sentence."""
    return spoken_words.password_score(match_text)


@validator("security_answer")
def security_answer(match_text: str) -> float | bool:
    """The answer to a question that resets an account; what forms and advice say of it is none."""
    text = match_text.strip("\"' ")
    first = text.split()[0].lower() if text else ""
    if len(text) < 3 or is_placeholder(text) or first in spoken_words.STOP or len(text.split()) > 4:
        return False
    return 0.55


@validator("pin")
def pin(match_text: str) -> float | bool:
    """A PIN or one-time code; years and round numbers are dates and counts more often."""
    return 0.6 if not re.fullmatch(r"(?:19|20)\d\d|\d0{3,}", match_text) else 0.45


@validator("password_hash")
def password_hash(match_text: str) -> bool | None:
    """A hash of a password; only masks are none."""
    return False if is_masked(match_text) or len(set(match_text[-24:])) < 6 else None


_ENCODED_KEY_HEADS = (
    # PKCS#1 and SEC 1: SEQUENCE, version 0 or 1; PKCS#8 v1 and v2: SEQUENCE, version, AlgorithmIdentifier.
    re.compile(rb"\x30(?:[\x20-\x7f]|\x81.|\x82..)\x02\x01[\x00\x01](?:\x02|\x30|\x04)", re.DOTALL),
    # PKCS#12: SEQUENCE, version 3, AuthenticatedSafe (RFC 7292 4)
    re.compile(rb"\x30(?:\x80|\x82..)\x02\x01\x03\x30", re.DOTALL),
    # PKCS#8 encrypted: SEQUENCE, SEQUENCE, OID 1.2.840.113549.1.5 or .12.1 (RFC 8018 A.4, RFC 7292 B)
    re.compile(rb"\x30\x82..\x30.\x06.\x2a\x86\x48\x86\xf7\x0d\x01(?:\x05|\x0c)", re.DOTALL),
)


@validator("encoded_private_key")
def encoded_private_key(match_text: str) -> float | bool | None:
    """A private key in base64: PEM, the ASN.1 of PKCS#1, #8 and #12, a Java key store. Certificates begin alike."""
    if not match_text.startswith(("M", "LS0t")):
        return None
    head = match_text[:120]
    try:
        decoded = base64.b64decode(head[: len(head) // 4 * 4])
    except binascii.Error:
        return False
    if match_text.startswith("LS0t"):
        return 0.95 if b"PRIVATE KEY" in decoded else False
    return 0.9 if any(form.match(decoded) for form in _ENCODED_KEY_HEADS) else False
