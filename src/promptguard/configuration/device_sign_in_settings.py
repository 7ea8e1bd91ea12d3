"""Devices that sign in with the company's accounts (OpenID Connect): `identity.openid` in `promptguard.yaml`."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from promptguard.configuration.openid_settings import OpenIDClient
from promptguard.typed_yaml.fields import AddressText, OneOrMore, is_encrypted_or_here, split_address

type _Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def _checked_origin(url: str) -> str:
    parts = urlsplit(url)
    _ = parts.port  # a ValueError where it is none
    if not is_encrypted_or_here(url) or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise ValueError("write an address such as https://proxy.corp.example:8443")
    return url.rstrip("/")


class DeviceSignInSettings(OpenIDClient):
    """Where people give their devices credentials for the proxy, and what those hold."""

    listen: AddressText = Field(
        description=(
            "Host and port of the listener where devices sign in (`/device`) and fetch their PAC file, over TLS with "
            "the certificate of `tls`; without `tls` on this machine alone."
        )
    )
    url: Annotated[str, AfterValidator(_checked_origin)] = Field(
        description="How laptops reach that listener: `https://`, host and port."
    )
    days: int = Field(
        default=30,
        ge=1,
        le=366,
        description="For how many days a sign-in holds, with the groups that somebody had at it.",
    )
    domains: OneOrMore[_Name] = Field(
        default=(),
        description=(
            "Where `name_claim` tells names such as `anna@corp.example`: with which domains behind the `@` what stands "
            "before it is a user's name; whoever has another is refused. Two domains with the same name for two people "
            "must not both be here. By default the whole is the name."
        ),
    )
    groups: dict[_Name, OneOrMore[_Name]] = Field(
        default={},
        description=(
            "What policies call the groups of the provider; those that are not here are left out. By default all count "
            "under their own names."
        ),
    )

    def user_of(self, name: str) -> str | None:
        """The user, in small letters, that a name of the provider's stands for; None for nobody of the company."""
        name = name.strip().casefold()
        if not self.domains:
            return name
        user, _, domain = name.rpartition("@")
        return user if user and domain in {each.casefold() for each in self.domains} else None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of `listen`."""
        return split_address(self.listen)
