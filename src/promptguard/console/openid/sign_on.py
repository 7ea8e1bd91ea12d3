"""The company's sign-on, as the console uses it: whom it lets in, with which roles."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request

from promptguard.configuration.openid_settings import LocalAccounts, OpenIDConnect
from promptguard.console.openid.failures import InvalidToken
from promptguard.console.openid.provider import OpenIDProvider
from promptguard.errors import ConfigError
from promptguard.keys import Keys, derive
from promptguard.review.accounts import Account, Accounts
from promptguard.review.database import ReviewDatabase
from promptguard.review.outside_accounts import OutsideAccounts
from promptguard.review.outside_sessions import OutsideSessions
from promptguard.review.roles import Role

MAX_LOGOUTS: Final = 4
"""At a time."""


class SignOn:
    """A provider, and what its groups may do here."""

    def __init__(
        self,
        settings: OpenIDConnect,
        provider: OpenIDProvider,
        accounts: OutsideAccounts,
        sessions: OutsideSessions,
        url: str | None = None,
    ) -> None:
        """Sign in at a provider.

        Args:
            url: of the console, as browsers see it; None takes what they ask for.
        """
        self._url = url
        self.settings = settings
        self.provider = provider
        self.accounts = accounts
        self.sessions = sessions
        self.logouts = threading.BoundedSemaphore(MAX_LOGOUTS)
        """Held while the provider is believed that it signed somebody out: anybody may say so, and it may have to be
        asked for its keys."""

    def address(self, request: Request, path: str) -> str:
        """An address of the console as the provider knows it."""
        return (self._url or str(request.base_url)).rstrip("/") + path

    def lets_in(self, account: Account) -> bool:
        """Whether an account may be used, whatever its password."""
        if account.outside:
            return True
        kept = self.settings.local_accounts
        return kept is LocalAccounts.ALWAYS or (kept is LocalAccounts.EMERGENCY and Role.ADMINISTRATOR in account.roles)

    def name_in(self, claims: Mapping[str, Any]) -> str:
        """What somebody is called.

        Raises:
            InvalidToken: the provider does not tell.
        """
        name = claims.get(self.settings.name_claim)
        if not isinstance(name, str) or not name.strip():
            raise InvalidToken(f"no claim {self.settings.name_claim}")
        return name

    def roles_in(self, claims: Mapping[str, Any]) -> frozenset[Role]:
        """The roles of somebody's groups.

        Raises:
            InvalidToken: the provider tells only where the groups can be asked for (as Entra ID does from 200 on).
        """
        groups = _claim(claims, self.settings.groups_claim)
        elsewhere = claims.get("_claim_names")
        if groups is None and isinstance(elsewhere, dict) and self.settings.groups_claim in elsewhere:
            raise InvalidToken("too many groups to tell")
        listed: Sequence[Any] = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
        known = (self.settings.roles.get(group, ()) for group in listed if isinstance(group, str))
        return frozenset(role for roles in known for role in roles)


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, which may hold dots, or by the way to it through objects."""
    if path in claims:
        return claims[path]
    first, _, rest = path.partition(".")
    inner = claims.get(first)
    return _claim(inner, rest) if rest and isinstance(inner, dict) else None


def open_sign_on(
    settings: OpenIDConnect, url: str | None, database: ReviewDatabase, accounts: Accounts, keys: Keys
) -> SignOn:
    """The sign-on that is configured. The provider is asked for nothing yet: it may start later than the console.

    Args:
        settings: what is said of it.
        url: see `SignOn`.
        database: where accounts are.
        accounts: those that there are.
        keys: of the installation.

    Raises:
        ConfigError: the client's secret, or a certificate to trust, cannot be read.
    """
    secret = ""
    if (file := settings.client_secret_file) is not None:
        try:
            secret = file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            secret = ""
        if not secret:
            raise ConfigError(file, None, "there is no client secret", "Write it into the file, and nothing else.")
    try:
        provider = OpenIDProvider(settings, secret)
    except OSError:  # ssl.SSLError is one
        where = settings.ca_file or "console.oidc.ca_file"
        raise ConfigError(where, None, "these are no certificates", "Write them in PEM.") from None
    subjects = derive(keys.sign_in, "subjects")
    outside = OutsideAccounts(database, accounts, subjects, settings.issuer, provider.host)
    sessions = OutsideSessions(database, subjects, settings.issuer)
    return SignOn(settings, provider, outside, sessions, url)
