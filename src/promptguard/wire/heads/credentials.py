"""The one credential that a request may carry in each place for it: what has its form is for the service alone."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Final

from promptguard.model import Role
from promptguard.wire.formats.members import FIXED, PROTOCOL, SEALED
from promptguard.wire.heads.interface import HeadText

_SCHEMES = """
    api-key apikey bearer bot deepl-auth-key dpop gcp github-bearer goog-api-key grazie-jwt jwt key negotiate ntlm
    sso-key token
    """
SCHEMES: Final = frozenset(_SCHEMES.split())
"""Authentication schemes (RFC 9110 11.1) that are followed by one token, in lower case."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/:|-]+=*|(?:\w+=[\w.:-]*;?)+:[0-9a-f]{32,}")
"""`token68` of RFC 9110 11.2, what keys of AI services have besides, and the tokens of GitHub Copilot."""

_TELLING: Final = re.compile(r"[a-z]|.{35}", re.DOTALL)
"""A key has small letters or is long. What has neither may be a number of a card or an account."""

_PASSWORD: Final = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9._~-]{20,}|[A-Za-z0-9._~-]{30,}")
"""What a program made up: a token that stands for a password, as Git hosts take it."""

_SIGNED: Final = (
    re.compile(r"(?:AWS4|OSS4|GOOG4|TC3)-[A-Z0-9-]+(?:\s*,?\s*[A-Za-z]+=[A-Za-z0-9/;._%+-]+=*)+", re.IGNORECASE),
    re.compile(r"(?:SAPISID[0-9P]*HASH\s+\d+_[0-9a-f]{40}(?:_[a-z]+)?\s*)+"),
)
"""Signatures of requests: AWS, Alibaba, Google and Tencent Cloud; Google's web clients."""


def credential(value: str) -> list[HeadText]:
    """The texts of a field that carries a credential: sealed where it is exactly one, and text where it is not."""
    value = value.strip()
    scheme, space, rest = value.partition(" ")
    if space and scheme.lower() == "basic":
        return _basic(rest.strip())
    if any(form.fullmatch(value) for form in _SIGNED):
        return [HeadText(value, standing=SEALED)]
    return [one_token(rest.strip() if space and scheme.lower() in SCHEMES else value)]


def one_token(value: str) -> HeadText:
    """A token: sealed, protocol where it may as well be a number of something, text where it is no token at all."""
    if not _TOKEN.fullmatch(value):
        return HeadText(value, standing=FIXED)
    return HeadText(value, standing=SEALED if _TELLING.search(value) else PROTOCOL)


def _basic(encoded: str) -> list[HeadText]:
    """User and password (RFC 7617): a person's own are for no API."""
    try:
        plain = b64decode(encoded, validate=True).decode()
    except ValueError:
        plain = encoded
    user, colon, password = plain.partition(":")
    token = password or user
    if colon and _PASSWORD.fullmatch(token):
        texts = [HeadText(token, standing=SEALED)]
        return [HeadText(user, standing=FIXED), *texts] if password and user else texts
    return [HeadText(user, Role.HEADER, "user", FIXED), HeadText(password, Role.HEADER, "password", FIXED)]
