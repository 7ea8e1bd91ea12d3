"""Whether a name beside a vendor's may hold a secret: ids, digests and addresses are as long and random as keys.

`SENTRY_AUTH_TOKEN` says that it is a secret, and so does `sentry` alone, under which people keep one key. Every other
word says what else the value is: `SENTRY_RELEASE`, `sentry-trace`, `TWILIO_ACCOUNT_SID`, `codecov_upload`.
"""

from __future__ import annotations

import functools

from promptguard.detectors.secrets.dummy_values import words
from promptguard.detectors.stems import word_set

_SECRETS = word_set(
    "key keys access apikey api apitoken token tokens secret secrets pass password passwd passphrase pwd pat auth"
    " authtoken authkey accesstoken accesskey authorization bearer cred creds credential credentials jwt sas dsn"
    " license licence accessid"
    " signing signature hmac seed salt cookie session otp private webhook hook conn connection login schlüssel clave"
    " chave jeton sleutel nøgle chiave clé cle geheimnis segreto secreto passwort kennwort"
)
"""Words for secrets, and for what holds one."""

_NEUTRAL = word_set(
    "io ai com net dev cloud hub labs app web env var vars variable default config cfg conf setting settings value"
    " val string str prod production stage staging test testing sandbox live main primary secondary old new current my"
    " our the your for a an is to of and user admin root master global local v x personal team"
)
"""Words that say nothing of the value, or belong to the vendor's name: `adafruit_io`, `SALESFORCE_PROD`."""

_IDS = word_set(
    "id ids sid uid uuid guid identifier name names org organization organisation project account tenant subscription"
    " zone region cluster site client customer user workspace team group channel room trace span request correlation"
    " build job run release version commit sha hash digest md5 checksum fingerprint revision etag ref tag branch url"
    " uri endpoint host domain address email path file folder bucket image thumbprint index number no code type status"
    " length size count limit ttl expiry expires policy scope role prefix suffix"
)
"""Words that, at the end of a name, say that the value tells which one it is, or something about it."""

_PUBLIC = word_set("public publishable pub site measurement tracking vapid anon verify verification host")
"""Words before `key` that make it one that everybody may see."""


@functools.lru_cache(maxsize=4096)
def may_hold_secret(name: str) -> bool:
    """Whether the words between a vendor's name and a value leave open that the value is a secret."""
    parts = [word for word in words(name) if not word.isdigit()]
    telling = [word for word in parts if word in _SECRETS or word not in _NEUTRAL]
    if not telling:
        return True
    if is_public_key(parts) or is_id(parts):
        return False
    return any(word in _SECRETS for word in telling)


def is_id(parts: list[str]) -> bool:
    """Whether the words of a name end in one for an id.

    Vault's `secret_id` and Sumo Logic's `access_id` are halves of a login, `connect.sid` is a session.
    """
    if not parts or parts[-1] not in _IDS:
        return False
    return parts[-2:-1] not in (["secret"], ["access"], ["session"], ["sess"], ["connect"]) and parts != ["sid"]


def is_public_key(parts: list[str]) -> bool:
    """Whether the words of a name are of a key that everybody may see: `publishable_key`, `site key`."""
    if "key" not in parts:
        return False
    before = parts[: parts.index("key")]
    return any(word in _PUBLIC for word in before[-2:]) or before[-2:] == ["application", "server"]
