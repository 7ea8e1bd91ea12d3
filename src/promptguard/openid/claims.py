"""Who somebody is, and in which groups, by the claims of an ID token (OpenID Connect Core 1.0, section 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptguard.configuration.openid_settings import OpenIDClient
from promptguard.openid.failures import InvalidToken


def name_in(claims: Mapping[str, Any], settings: OpenIDClient) -> str:
    """What somebody is called.

    Raises:
        InvalidToken: the provider does not tell.
    """
    name = claims.get(settings.name_claim)
    if not isinstance(name, str) or not name.strip():
        raise InvalidToken(f"no claim {settings.name_claim}")
    return name


def groups_in(claims: Mapping[str, Any], settings: OpenIDClient) -> list[str]:
    """Somebody's groups, as the provider calls them.

    Raises:
        InvalidToken: the provider tells only where the groups can be asked for (as Entra ID does from 200 on).
    """
    groups = _claim(claims, settings.groups_claim)
    elsewhere = claims.get("_claim_names")
    if groups is None and isinstance(elsewhere, dict) and settings.groups_claim in elsewhere:
        raise InvalidToken("too many groups to tell")
    listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return [group for group in listed if isinstance(group, str)]


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, which may hold dots, or by the way to it through objects."""
    if path in claims:
        return claims[path]
    first, _, rest = path.partition(".")
    inner = claims.get(first)
    return _claim(inner, rest) if rest and isinstance(inner, dict) else None
