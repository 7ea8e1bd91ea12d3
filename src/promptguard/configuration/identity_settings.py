"""How PromptGuard learns whose request it is: the section `identity` of `promptguard.yaml`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from promptguard.configuration.certificate_settings import CertificateSettings
from promptguard.configuration.device_sign_in_settings import DeviceSignInSettings
from promptguard.configuration.kerberos_settings import KerberosSettings
from promptguard.configuration.ldap_settings import LdapSettings
from promptguard.typed_yaml.fields import Section


class IdentitySettings(Section):
    """How PromptGuard learns whose request it is. Users, groups and addresses stand in `identities.yaml`."""

    htpasswd: Path | None = Field(
        default=None,
        description=(
            "A file of users and password hashes, as `htpasswd` writes it, for proxy authentication; a relative path "
            "starts at the configuration folder."
        ),
    )
    ldap: LdapSettings | None = Field(
        default=None,
        description=(
            "A directory (LDAP, Active Directory) that knows users' passwords and groups; the file is asked first."
        ),
    )
    kerberos: KerberosSettings | None = Field(
        default=None,
        description=(
            "Kerberos tickets (`Negotiate`): who is signed in to the company's domain is asked for nothing. Groups "
            "come from `ldap`, where that is set. It needs the extra `kerberos`."
        ),
    )
    certificates: CertificateSettings | None = Field(
        default=None,
        description=("Client certificates, over TLS to the proxy (`tls`). Groups come from `ldap`, where that is set."),
    )
    devices: bool = Field(
        default=False,
        description=(
            "Whether devices may sign in with credentials of their own, which `promptguard devices issue` makes for a "
            "user. Groups come from `ldap`, where that is set."
        ),
    )
    openid: DeviceSignInSettings | None = Field(
        default=None,
        description=(
            "Devices get credentials of their own by signing in with the company's accounts (OpenID Connect, RFC 8628)."
        ),
    )
    allow_unknown_clients: bool = Field(
        default=False,
        description=(
            "Whether other machines may use the proxy without proxy credentials and without an entry for their "
            "address in `identities.yaml`."
        ),
    )

    @property
    def takes_devices(self) -> bool:
        """Whether devices sign in with credentials of their own."""
        return self.devices or self.openid is not None

    @property
    def asks(self) -> bool:
        """Whether every client has to say who uses it."""
        ways = (self.htpasswd, self.ldap, self.kerberos, self.certificates)
        return self.takes_devices or any(way is not None for way in ways)
