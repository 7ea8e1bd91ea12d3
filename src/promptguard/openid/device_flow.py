"""Signing in on another device: the OAuth 2.0 Device Authorization Grant (RFC 8628), with an ID token at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeGuard

from promptguard.openid.failures import ProviderFailed, ProviderRefused
from promptguard.openid.provider import OpenIDProvider
from promptguard.typed_yaml.fields import is_encrypted_or_here

GRANT_TYPE: Final = "urn:ietf:params:oauth:grant-type:device_code"

_MAX_DEVICE_CODE: Final = 4096
_MAX_USER_CODE: Final = 64
_MAX_URL: Final = 2048
_INTERVAL: Final = 5
"""Seconds between two questions where the provider does not say (RFC 8628, 3.2)."""
_MAX_INTERVAL: Final = 60
_MAX_SECONDS: Final = 1800
"""For how long a code is waited for at most, whatever the provider says."""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A sign-in that has been begun (RFC 8628, 3.2)."""

    device_code: str = field(repr=False)
    user_code: str
    """What the person types, or compares."""
    verification_uri: str
    """Where."""
    verification_uri_complete: str
    """The same with the code in it; empty where the provider has none."""
    expires_in: int
    """Seconds."""
    interval: int
    """Seconds between two questions for what has come of it."""


class Unfinished(StrEnum):
    """Why a sign-in gives nothing (RFC 8628, 3.5), in the provider's own words."""

    PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    DENIED = "access_denied"
    EXPIRED = "expired_token"
    USED = "invalid_grant"
    """The code is none, was used, or is another client's."""


def begin(provider: OpenIDProvider) -> DeviceCode:
    """Begin a sign-in.

    Raises:
        ProviderFailed: the provider cannot be used for that.
    """
    where = provider.metadata().device_authorization
    if not where:
        raise ProviderFailed(f"{provider.host} does not know the device flow (no device_authorization_endpoint)")
    return _read(provider.ask_as_client(where, "device", {"scope": provider.settings.scopes}), provider.host)


def finish(provider: OpenIDProvider, device_code: str) -> dict[str, Any] | Unfinished:
    """The claims of whoever has signed in with a code, or why there are none.

    Raises:
        ProviderFailed: the provider cannot be asked.
        InvalidToken: what it says is not to be believed.
    """
    try:
        answer = provider.granted({"grant_type": GRANT_TYPE, "device_code": device_code})
    except ProviderRefused as refused:
        if refused.code in set(Unfinished):
            return Unfinished(refused.code)
        raise
    return provider.told(answer, None)


def _read(said: Mapping[str, Any], host: str) -> DeviceCode:
    complete = said.get("verification_uri_complete")
    # `verification_url` is how Google, and drafts of the standard, call it.
    uri = said.get("verification_uri", said.get("verification_url"))
    code, user_code = said.get("device_code"), said.get("user_code")
    seconds, interval = said.get("expires_in"), said.get("interval", _INTERVAL)
    if (
        not _is_text(code, _MAX_DEVICE_CODE)
        or not _is_text(user_code, _MAX_USER_CODE)
        or not _is_address(uri)
        or not isinstance(seconds, int)
        or not isinstance(interval, int)
        or seconds <= 0
    ):
        raise ProviderFailed(f"{host} (device) answers with no code and address")
    return DeviceCode(
        code,
        user_code,
        uri,
        complete if _is_address(complete) else "",
        expires_in=min(seconds, _MAX_SECONDS),
        interval=min(max(interval, 1), _MAX_INTERVAL),
    )


def _is_text(value: object, longest: int) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= longest and value.isprintable()


def _is_address(value: object) -> TypeGuard[str]:
    return _is_text(value, _MAX_URL) and is_encrypted_or_here(value)
