"""A directory asked over LDAP (RFC 4511): whose password it is, and which groups a user is in. Blocks: for threads."""

from __future__ import annotations

import math
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import ldap3
from ldap3.core.exceptions import LDAPCertificateError, LDAPException, LDAPSocketOpenError, LDAPStartTLSError
from ldap3.utils.conv import escape_filter_chars

from promptguard.authentication.accounts import Account, DirectoryAway
from promptguard.configuration.ldap_settings import LdapSettings

_WRONG: Final = frozenset({19, 49, 53})
"""Results of a bind that speak of the user (RFC 4511, appendix A): constraintViolation, given for accounts that are
locked, invalidCredentials, unwillingToPerform."""

_ACTIVE_DIRECTORY: Final = "1.2.840.113556.1.4.800"
_IN_CHAIN: Final = "1.2.840.113556.1.4.1941"
"""LDAP_CAP_ACTIVE_DIRECTORY_OID, and LDAP_MATCHING_RULE_IN_CHAIN: the server follows groups of groups ([MS-ADTS]
3.1.1.3.4.3.1 and 3.1.1.3.4.4.3)."""

_MAX_DEPTH: Final = 10
_MAX_GROUPS: Final = 2_000

_AVOID_SECONDS: Final = 60.0
"""For so long a server that did not answer is asked last."""


class Directory:
    """Asks the servers of a directory, one after the other.

    Args:
        settings: with absolute paths. The password of `bind_user` is read from its file each time: it may be changed.
    """

    def __init__(self, settings: LdapSettings) -> None:
        self._settings = settings
        self._tls = ldap3.Tls(
            validate=ssl.CERT_REQUIRED, ca_certs_file=str(settings.ca_file) if settings.ca_file else None
        )
        self._avoided: dict[str, float] = {}

    def signed_in(self, user: str, password: str, before: Callable[[str], None]) -> Account | None:
        """The account of a user; None where there is none, or the password is not theirs.

        Args:
            before: is called with the account's distinguished name before a server is asked for its password, and with
                what was given where there is none; what it raises is raised.

        Raises:
            DirectoryAway: no server can be asked.
        """
        if not password:  # with an empty one, servers bind anonymously and say that it went well (RFC 4513 5.1.2)
            return None

        def sign_in(lookup: Any) -> Account | None:
            account = self._account(lookup, user)
            before(account.name if account else user.casefold())
            if account is None:
                return None
            with self._connected(lookup.server) as own:
                return account if self._bound(own, account.name, password) else None

        return self._looked_up(sign_in)

    def account(self, user: str) -> Account | None:
        """The account of a user whom somebody else has signed in; None where there is none.

        Raises:
            DirectoryAway: no server can be asked.
        """
        return self._looked_up(lambda lookup: self._account(lookup, user))

    def server_with_users(self) -> tuple[str, bool]:
        """The address of a server that answers, and whether it shows any user as `user_filter` says.

        Raises:
            DirectoryAway: no server can be asked.
        """
        settings = self._settings
        anybody = settings.user_filter.replace("{user}", "*")

        def look(lookup: Any) -> tuple[str, bool]:
            return lookup.server.name, bool(self._search(lookup, anybody, [settings.user_attribute], limit=1))

        return self._looked_up(look)

    def _looked_up[Found](self, look: Callable[[Any], Found]) -> Found:
        """What is found on a connection as `bind_user`, to the first server that answers to the end."""
        problem, password = "", self._password()
        now = time.monotonic()
        for url in sorted(self._settings.urls, key=lambda each: self._avoided.get(each, 0.0) > now):
            try:
                with self._connected(self._server(url)) as connection:
                    if not self._bound(connection, self._settings.bind_user, password):
                        raise DirectoryAway(f"{url} does not let {self._settings.bind_user} in: the password is wrong.")
                    return look(connection)
            except (LDAPException, OSError) as error:
                self._avoided[url] = now + _AVOID_SECONDS
                problem = f"{url}: {_explained(error)}"
        raise DirectoryAway(problem)

    def _password(self) -> str:
        file = self._settings.bind_password_file
        try:
            return file.read_text("utf-8").rstrip("\r\n") if file else ""
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
            raise DirectoryAway(f"{file} cannot be read: {why}.") from None

    def _server(self, url: str) -> Any:
        return ldap3.Server(url, tls=self._tls, connect_timeout=self._settings.timeout_s, get_info=ldap3.DSA)

    @contextmanager
    def _connected(self, server: Any) -> Iterator[Any]:
        timeout = math.ceil(self._settings.timeout_s)  # whole seconds are all that ldap3 takes
        connection = ldap3.Connection(server, receive_timeout=timeout, auto_referrals=False)
        try:
            if server.ssl:
                connection.open(read_server_info=False)
            else:
                connection.open(read_server_info=False)
                connection.start_tls(read_server_info=False)
            yield connection
        finally:
            connection.unbind()

    def _bound(self, connection: Any, name: str | None, password: str) -> bool:
        if name is not None:
            connection.authentication, connection.user, connection.password = ldap3.SIMPLE, name, password
        if connection.bind(read_server_info=name == self._settings.bind_user):
            return True
        if connection.result["result"] in _WRONG:
            return False
        raise LDAPException(f"the bind failed: {connection.result['description']}")

    def _account(self, lookup: Any, user: str) -> Account | None:
        settings = self._settings
        given = user.rpartition("\\")[2]  # DOMAIN\\user, as Windows writes it
        found = self._search(
            lookup,
            settings.user_filter.replace("{user}", escape_filter_chars(given)),
            [settings.user_attribute, "memberOf"],
        )
        if len(found) != 1:  # of two it cannot be told which
            return None
        entry = found[0]
        names = entry["attributes"].get(settings.user_attribute) or [given]
        name = str(names[0] if isinstance(names, list) else names)
        return Account(name.casefold(), entry["dn"], self._groups(lookup, entry))

    def _groups(self, lookup: Any, entry: Any) -> frozenset[str]:
        if not self._settings.nested:
            own = entry["attributes"].get("memberOf") or []
            return frozenset(filter(None, (_first_value(name) for name in own)))
        information = lookup.server.info
        capabilities = {feature[0] for feature in information.supported_features} if information else set()
        if _ACTIVE_DIRECTORY in capabilities:
            return self._named(self._search(lookup, _member_filter([entry["dn"]], f":{_IN_CHAIN}:"), self._wanted))
        return self._walked(lookup, entry["dn"])

    def _walked(self, lookup: Any, name: str) -> frozenset[str]:
        """Groups of groups, a search for each level."""
        seen: dict[str, Any] = {}
        level = [name]
        for _ in range(_MAX_DEPTH):
            found = self._search(lookup, _member_filter(level, ""), self._wanted)
            new = {group["dn"]: group for group in found if group["dn"] not in seen}
            seen.update(new)
            level = list(new)
            if not level or len(seen) >= _MAX_GROUPS:
                break
        return self._named(list(seen.values()))

    @property
    def _wanted(self) -> list[str]:
        return [self._settings.group_attribute]

    def _named(self, groups: Sequence[Any]) -> frozenset[str]:
        values = (group["attributes"].get(self._settings.group_attribute) or () for group in groups)
        return frozenset(str(name) for value in values for name in (value if isinstance(value, list) else [value]))

    def _search(self, connection: Any, filter: str, attributes: list[str], limit: int = _MAX_GROUPS) -> list[Any]:
        connection.search(self._settings.base, filter, attributes=attributes, size_limit=limit)
        code = connection.result["result"]
        if code not in (0, 4, 32):  # success, sizeLimitExceeded, noSuchObject
            raise LDAPException(f"the search failed: {connection.result['description']}")
        return [entry for entry in connection.response if entry["type"] == "searchResEntry"]


def _member_filter(names: Sequence[str], rule: str) -> str:
    """Groups with one of these as a member: of Active Directory and `groupOfNames`, or `groupOfUniqueNames`."""
    escaped = [escape_filter_chars(name) for name in names]
    parts = [f"(member{rule}={name})" for name in escaped]
    if not rule:
        parts += [f"(uniqueMember={name})" for name in escaped]
    return parts[0] if len(parts) == 1 else f"(|{''.join(parts)})"


def _first_value(name: str) -> str:
    """The value of the first part of a distinguished name."""
    parts = ldap3.utils.dn.parse_dn(name)
    return str(parts[0][1]) if parts else ""


def _explained(error: Exception) -> str:
    if isinstance(error, LDAPCertificateError) or "CERTIFICATE_VERIFY" in str(error):
        return "its certificate is not trusted, or is another host's; see identity.ldap.ca_file"
    if isinstance(error, LDAPStartTLSError):
        return "it does not begin TLS (StartTLS)"
    if isinstance(error, LDAPSocketOpenError):
        return "no connection, or no TLS on it"
    return str(error) or type(error).__name__
