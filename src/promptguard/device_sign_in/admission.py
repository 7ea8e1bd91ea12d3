"""As whom the proxy knows somebody who has signed in with the company's accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from promptguard.configuration.device_sign_in_settings import DeviceSignInSettings
from promptguard.device_sign_in.failures import NotAdmitted, Why
from promptguard.openid.claims import groups_in, name_in
from promptguard.openid.failures import InvalidToken

_MAX_NAME: Final = 200


def user_in(claims: Mapping[str, Any], settings: DeviceSignInSettings) -> str:
    """The user that claims name, in small letters, as a directory or a certificate would have it.

    Raises:
        NotAdmitted: it is none of the company's.
        InvalidToken: they name none.
    """
    name = name_in(claims, settings).strip()
    if not name.isprintable() or len(name) > _MAX_NAME:
        raise InvalidToken(f"claim {settings.name_claim}")
    if settings.name_claim == "email" and claims.get("email_verified") is False:
        raise NotAdmitted(Why.UNVERIFIED)
    user = settings.user_of(name)
    if user is None:
        raise NotAdmitted(Why.DOMAIN)
    return user


def policy_groups_in(claims: Mapping[str, Any], settings: DeviceSignInSettings) -> frozenset[str]:
    """Somebody's groups, as policies call them.

    Raises:
        InvalidToken: the provider does not tell them, since they are too many.
    """
    groups = groups_in(claims, settings)
    if not settings.groups:
        return frozenset(groups)
    return frozenset(name for group in groups for name in settings.groups.get(group, ()))
