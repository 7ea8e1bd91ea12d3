"""The company's sign-on, as the console uses it: whom it lets in, with which roles."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from promptguard.configuration.openid_settings import LocalAccounts, OpenIDConnect
from promptguard.keys import Keys, derive
from promptguard.openid.claims import groups_in, name_in
from promptguard.openid.provider import OpenIDProvider, open_provider
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
        return name_in(claims, self.settings)

    def roles_in(self, claims: Mapping[str, Any]) -> frozenset[Role]:
        """The roles of somebody's groups.

        Raises:
            InvalidToken: the provider tells only where the groups can be asked for (as Entra ID does from 200 on).
        """
        listed = groups_in(claims, self.settings)
        known = (self.settings.roles.get(group, ()) for group in listed)
        return frozenset(role for roles in known for role in roles)


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
    provider = open_provider(settings)
    subjects = derive(keys.sign_in, "subjects")
    outside = OutsideAccounts(database, accounts, subjects, settings.issuer, provider.host)
    sessions = OutsideSessions(database, subjects, settings.issuer)
    return SignOn(settings, provider, outside, sessions, url)
