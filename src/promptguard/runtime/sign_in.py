"""Who is asked who somebody is, as the settings say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from promptguard.authentication.account_guesses import AccountGuesses
from promptguard.authentication.attempts import FREE, Attempts
from promptguard.authentication.authenticator import Authenticator
from promptguard.authentication.certificates import CertificateUsers
from promptguard.authentication.devices import DeviceUsers
from promptguard.authentication.directory_users import DirectoryUsers
from promptguard.authentication.htpasswd_users import HtpasswdUsers, Strangers
from promptguard.authentication.interface import Users
from promptguard.configuration.bundle import Bundle
from promptguard.configuration.identity_settings import IdentitySettings
from promptguard.configuration.kerberos_settings import KerberosSettings
from promptguard.configuration.ldap_settings import LdapSettings
from promptguard.runtime.member import Member
from promptguard.runtime.metrics import Metrics

if TYPE_CHECKING:
    from promptguard.authentication.kerberos import KerberosUsers


class SignIn:
    """An authenticator that follows the configuration.

    Args:
        bundle: gives the configuration in force.
        key: for the credentials of devices.
        member: which of how many processes this is, that ask the same directory.
    """

    def __init__(self, bundle: Callable[[], Bundle], key: bytes, member: Member | None = None) -> None:
        self._member = member or Member()
        self._bundle = bundle
        self._key = key
        self._made_of: IdentitySettings | None = None
        self._authenticator = Authenticator(attempts=Attempts(free=self._member.share_of(FREE)))
        self._directory: DirectoryUsers | None = None
        self._tickets: KerberosUsers | None = None

    @property
    def authenticator(self) -> Authenticator:
        """As the settings in force have it."""
        settings = self._bundle().settings.identity
        if settings is not self._made_of:
            if settings != self._made_of:
                self._authenticator.replace(self._users(settings))
            self._made_of = settings
        return self._authenticator

    def _users(self, settings: IdentitySettings) -> list[Users]:
        users: list[Users] = []
        if settings.htpasswd:
            users.append(HtpasswdUsers(lambda: self._bundle().passwords))
        self._directory = _directory_users(settings.ldap, self._member) if settings.ldap else None
        if settings.takes_devices:
            users.append(DeviceUsers(self._key, lambda: self._bundle().identities.device_revocations, self._directory))
        if self._directory:
            users.append(self._directory)
        self._tickets = _kerberos_users(settings.kerberos, self._directory) if settings.kerberos else None
        if self._tickets:
            users.append(self._tickets)
        if settings.certificates:
            users.append(CertificateUsers(settings.certificates, self._directory))
        if settings.htpasswd and not self._directory:
            users.append(Strangers(lambda: self._bundle().passwords))
        return users

    @property
    def problems(self) -> list[str]:
        """Why a directory cannot be asked, or tickets not be read, as long as that is so."""
        away = self._directory.problem if self._directory else ""
        unread = self._tickets.problem if self._tickets else ""
        told = {"The directory of users cannot be asked.": away, "Kerberos tickets cannot be read:": unread}
        return [f"{what} {why}" for what, why in told.items() if why]

    def count(self, metrics: Metrics) -> None:
        """Have Prometheus told how often it failed: no user, no address."""
        told = self._authenticator
        metrics.total("sign_ins_refused", "Sign-ins to the proxy with wrong credentials.", lambda: told.refused)
        metrics.total(
            "sign_ins_held_off", "Those of addresses, and for accounts, that had tried too many.", lambda: told.held_off
        )
        metrics.total("sign_ins_unanswered", "Those that could not be told right from wrong.", lambda: told.unanswered)


def directory_with_users(settings: LdapSettings) -> tuple[str, bool]:
    """The address of a server of the directory that answers, and whether it shows any user.

    Raises:
        PromptGuardError: no server can be asked.
    """
    from promptguard.authentication.directory import Directory  # ldap3 takes time to import

    return Directory(settings).server_with_users()


def _directory_users(settings: LdapSettings, member: Member) -> DirectoryUsers:
    from promptguard.authentication.directory import Directory  # ldap3 takes time to import

    guesses = AccountGuesses(member.share_of(settings.wrong_passwords), settings.wrong_passwords_s)
    return DirectoryUsers(Directory(settings), refresh=settings.refresh_s, keep=settings.keep_s, guesses=guesses)


def _kerberos_users(settings: KerberosSettings, directory: DirectoryUsers | None) -> KerberosUsers:
    from promptguard.authentication.kerberos import KerberosUsers  # of an extra

    return KerberosUsers(settings, directory)
