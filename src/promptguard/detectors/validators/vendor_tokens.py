"""Checks on tokens whose format names their vendor: is the variable part random, and does a checksum in it fit?

Every function is registered under the name that `config/recognizers/credentials_*.yaml` uses; `validators` says what
the answers mean. A checksum that fits makes a finding certain. One that does not lowers the score and keeps the
finding: a mistyped or shortened key is still somebody's key. Only formats without a telling prefix stand or fall with
their checksum.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import string
import zlib

from promptguard.detectors.secrets.dummy_values import (
    entropy,
    is_counted_off,
    is_documentation_sample,
    is_masked,
    is_sequence,
    is_stand_in,
    is_template,
    reads_as_words,
)
from promptguard.detectors.validators.registry import validator

MISTYPED = 0.7
"""Score of a token whose checksum or structure is wrong."""
STRUCTURED = 0.98
"""Score of a token whose parts are what the vendor says they are, without a checksum."""

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
"""The digits of GitHub, npm and Synapse, the least first."""
_BASE36 = string.digits + string.ascii_lowercase
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_CHECKSUM_DIGITS = 6

_LOWEST_ENTROPY = 2.5
"""Bits per character of the least random-looking key of 18 characters or more, in hexadecimal."""
_ENTROPY_PER_CHARACTER = 0.14


_COUNTED_OFF = 0.4
_COUNTED_OFF_THROUGHOUT = 0.6
"""Shares of what was typed to show a format. Of 14 random base32 digits, six are such runs once in thousands."""


def _is_no_token(text: str, body: str, *, spelled: bool = True) -> bool:
    """Whether `text` only shows what a token looks like; `body` is the part that the vendor draws at random.

    `spelled`: what reads like words is none. Not where the form says so much that chance is the likelier reason.
    """
    if is_documentation_sample(text) or is_masked(text) or is_template(text):
        return True
    share = _COUNTED_OFF if spelled else _COUNTED_OFF_THROUGHOUT
    if is_sequence(body) or is_counted_off(body, share=share) or (spelled and reads_as_words(body)):
        return True
    if entropy(body) < min(_LOWEST_ENTROPY, _ENTROPY_PER_CHARACTER * len(body)):
        return True
    # `glpat-your-token-here`: the words before the last third are part of what was written for the reader.
    return is_stand_in(body) or is_stand_in(re.split(r"[_\-]", text, maxsplit=1)[-1])


@validator("vendor_token")
def vendor_token(match_text: str) -> bool | None:
    """A token whose format names its vendor: masks, samples, counted-off characters and words are none."""
    # The fixed prefix is no evidence for or against.
    return False if _is_no_token(match_text, match_text[max(3, len(match_text) // 3) :]) else None


@validator("last_part")
def last_part(match_text: str) -> bool | None:
    """A token of parts, of which the last is the secret: those before are ids, repetitive ones too."""
    body = re.split(r"[-_.:|/]", match_text.rstrip("="))[-1]
    return False if is_template(match_text) or _is_no_token(body, body) else None


@validator("long_prefix_token")
def long_prefix_token(match_text: str) -> bool | None:
    """A token that starts with many equal characters, as X's bearer tokens do with `A`: only its end tells."""
    rest = match_text.lstrip("A")
    return False if not rest or vendor_token(rest) is False else None


@validator("named_key")
def named_key(match_text: str) -> float | bool | None:
    """A value of the right length and alphabet beside its vendor's name: as random as what machines issue.

    Half of it may be counted off: there a person may have typed it, and the name says that it is a key.
    """
    if is_documentation_sample(match_text) or is_masked(match_text) or is_sequence(match_text):
        return False
    if reads_as_words(match_text) or is_stand_in(match_text):
        return False
    if match_text == match_text.lower() and not any(map(str.isdigit, match_text)):
        # Names in code are written so, and few keys of this length go without a digit.
        return False
    compact = match_text.replace("-", "")
    if compact.isdigit() or entropy(compact) < min(_LOWEST_ENTROPY, _ENTROPY_PER_CHARACTER * len(compact)):
        return False
    return 0.5 if is_counted_off(match_text) else None


def base62_crc32(text: str) -> str:
    """CRC-32 of ASCII text as six base-62 digits, as GitHub and npm put at the end of their tokens.

    Source: github.blog, "Behind GitHub's new authentication token formats" (2021).
    """
    return _in_base(zlib.crc32(text.encode("ascii")), BASE62).rjust(_CHECKSUM_DIGITS, "0")


def _in_base(number: int, digits: str) -> str:
    written = ""
    while number:
        number, remainder = divmod(number, len(digits))
        written = digits[remainder] + written
    return written


@validator("base62_crc32")
def checksummed_token(match_text: str) -> float | bool:
    """`prefix_` + random part + checksum of the random part."""
    if vendor_token(match_text) is False:
        return False
    body = match_text.rpartition("_")[2]
    return base62_crc32(body[:-_CHECKSUM_DIGITS]) == body[-_CHECKSUM_DIGITS:] or MISTYPED


@validator("grafana_token")
def grafana_token(match_text: str) -> float | bool:
    """A Grafana service account token: its last part is the CRC-32 of the rest, the lowest byte first.

    Source: github.com/grafana/grafana, pkg/components/satokengen.
    """
    if vendor_token(match_text) is False:
        return False
    rest, _, checksum = match_text.rpartition("_")
    return zlib.crc32(rest.encode("ascii")).to_bytes(4, "little").hex() == checksum.lower() or MISTYPED


@validator("gitlab_token")
def gitlab_token(match_text: str) -> float | bool | None:
    """A GitLab token; a routable one ends in the length of its payload and in a CRC-32, in base 36.

    Source: handbook.gitlab.com, design document "Routable tokens".
    """
    if vendor_token(match_text) is False:
        return False
    payload, dot, trailer = match_text.rpartition(".")
    if not dot or len(trailer) != 9:
        return None
    covered, checksum = f"{payload}.{trailer[:2]}", trailer[2:]
    return _in_base(zlib.crc32(covered.encode("ascii")), _BASE36).rjust(7, "0") == checksum or MISTYPED


@validator("synapse_token")
def synapse_token(match_text: str) -> float | bool:
    """A token of Synapse, for Matrix: `syt_` or `syr_`, the user in base64, 20 letters, CRC-32 of all that in base 62.

    Source: github.com/element-hq/synapse, synapse/handlers/auth.py and synapse/util/stringutils.py.
    """
    rest, _, checksum = match_text.rpartition("_")
    if is_masked(match_text) or _is_no_token(rest[-20:], rest[-20:]):
        return False
    return base62_crc32(rest) == checksum or MISTYPED


@validator("aws_access_key_id")
def aws_access_key_id(match_text: str) -> float | bool:
    """An AWS access key id: four letters for its kind and 16 base32 digits, which since 2019 hold the account's number.

    Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html.
    """
    if _is_no_token(match_text, match_text[6:], spelled=False):
        return False
    if match_text.isalpha() and reads_as_words(match_text[4:]):
        return False  # `ASIAANDPACIFICREGION`: one key in thirty has no digit, and hardly one of those spells words
    try:
        decoded = base64.b32decode(match_text[4:])
    except binascii.Error:
        return MISTYPED
    account = (int.from_bytes(decoded[:6]) & 0x7FFFFFFFFF80) >> 7
    # An account's number has twelve digits. Older keys hold no number, so that a higher one proves nothing.
    return STRUCTURED if account < 10**12 else 0.9


@validator("discord_token")
def discord_token(match_text: str) -> float | bool:
    """A Discord bot token: its first part is the bot's id, 17 to 20 digits in base64.

    Source: discord.com/developers/docs/reference#snowflakes.
    """
    identity, _, rest = match_text.partition(".")
    if _is_no_token(rest, rest.rpartition(".")[2]):
        return False
    decoded = _base64_decoded(identity)
    return STRUCTURED if re.fullmatch(rb"[1-9][0-9]{16,19}", decoded) else MISTYPED


@validator("telegram_token")
def telegram_token(match_text: str) -> float | bool:
    """A Telegram bot token: the bot's id of 8 to 10 digits, a colon, `AA`, 33 characters.

    Source: core.telegram.org/bots/api#authorizing-your-bot.
    """
    identity, _, secret = match_text.partition(":")
    if _is_no_token(secret, secret):
        return False
    return STRUCTURED if 8 <= len(identity) <= 10 and secret.startswith("AA") else MISTYPED


def _base64_decoded(text: str) -> bytes:
    """Base64 of either alphabet, with or without padding; empty where it is none."""
    try:
        return base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


@validator("encoded_object")
def encoded_object(match_text: str) -> float | bool:
    """A token that begins, after its prefix, with a JSON object in base64: cut off or mistyped it scores lower."""
    if is_masked(match_text):
        return False
    start = match_text.find("eyJ")
    body = re.split(r"[_.\-]", match_text[start:])[0]
    if _is_no_token(match_text[start + 8 :], match_text[start + 8 :]):
        return False
    decoded = _base64_decoded(body[: len(body) // 4 * 4])
    return STRUCTURED if re.match(rb'\{\s*"[\w\-]{1,40}"\s*:', decoded) else MISTYPED


@validator("bech32")
def bech32(match_text: str) -> float | bool:
    """A key in Bech32 (BIP 173), as age and Nostr write theirs: six digits of checksum over prefix and data."""
    prefix, _, data = match_text.lower().rpartition("1")
    if _is_no_token(data, data):
        return False
    values = [_BECH32.find(character) for character in data]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    return (-1 not in values and _bech32_remainder(expanded + values) == 1) or MISTYPED


def _bech32_remainder(values: list[int]) -> int:
    remainder = 1
    for value in values:
        top = remainder >> 25
        remainder = (remainder & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            remainder ^= generator if top >> bit & 1 else 0
    return remainder


@validator("base58_check")
def base58_check(match_text: str) -> float | bool:
    """A key in Base58Check: its last four bytes are the start of a double SHA-256 of the rest.

    Source: en.bitcoin.it/wiki/Base58Check_encoding, which Bitcoin (WIF, BIP 32) and Tezos use.
    """
    if _is_no_token(match_text, match_text[4:]):
        return False
    return _base58_checks(match_text) or MISTYPED


@validator("wallet_import_format")
def wallet_import_format(match_text: str) -> bool:
    """A Bitcoin private key in wallet import format; nothing but its Base58Check sum tells it from other text."""
    return _base58_checks(match_text)


def _base58_checks(text: str) -> bool:
    number = 0
    for character in text:
        digit = _BASE58.find(character)
        if digit < 0:
            return False
        number = number * 58 + digit
    decoded = number.to_bytes((number.bit_length() + 7) // 8)
    expected = hashlib.sha256(hashlib.sha256(decoded[:-4]).digest()).digest()[:4]
    return len(decoded) > 4 and decoded[-4:] == expected


@validator("stellar_seed")
def stellar_seed(match_text: str) -> bool:
    """A Stellar secret seed; nothing but its CRC-16 (XMODEM, lowest byte first) tells it from other text.

    Source: stellar.org, SEP-0023 (strkeys).
    """
    decoded = base64.b32decode(match_text)
    return binascii.crc_hqx(decoded[:-2], 0).to_bytes(2, "little") == decoded[-2:]


@validator("app_password")
def app_password(match_text: str) -> bool | None:
    """An app password in groups of four: random letters, not four short words."""
    return False if is_masked(match_text) or reads_as_words(match_text.replace(" ", "").replace("-", "")) else None
