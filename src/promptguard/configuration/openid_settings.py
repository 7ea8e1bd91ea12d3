"""Signing in to the console with a company's accounts (OpenID Connect): `console.oidc` in `promptguard.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from promptguard.review.roles import Role
from promptguard.typed_yaml.fields import OneOrMore, Section, is_encrypted_or_here
from promptguard.typed_yaml.mistakes import mistake


class LocalAccounts(StrEnum):
    """Who may still sign in with an account of the console itself."""

    ALWAYS = "always"
    EMERGENCY = "emergency"
    NEVER = "never"


def _checked_url(text: str) -> str:
    parts = urlsplit(text)
    if not is_encrypted_or_here(text) or parts.query or parts.fragment or parts.username:
        raise ValueError("write an address such as https://login.example.com")
    return text


type _Url = Annotated[str, AfterValidator(_checked_url)]


class OpenIDClient(Section):
    """The company's sign-on, as one of its clients knows it."""

    issuer: _Url = Field(
        description=(
            "The provider's address, to the letter as its configuration under `/.well-known/openid-configuration` "
            "says it."
        )
    )
    client_id: str = Field(min_length=1, max_length=255, description="What the provider calls this client of its own.")
    client_secret_file: Path | None = Field(
        default=None,
        description=(
            "A file that holds the client's secret and nothing else; a relative path starts at the configuration "
            "folder. Without it this is a public client."
        ),
    )
    scopes: str = Field(
        default="openid profile",
        pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$",  # RFC 6749, appendix A.4
        description="What is asked for, apart by spaces; many providers want one more for groups.",
    )
    name_claim: str = Field(
        default="preferred_username",
        min_length=1,
        description="Which claim tells the name of somebody.",
    )
    groups_claim: str = Field(
        default="groups",
        min_length=1,
        description="Which claim lists the groups; dots lead into objects, as in `realm_access.roles`.",
    )
    ca_file: Path | None = Field(
        default=None,
        description=(
            "Certificates (PEM) to trust in the provider, in place of the public ones; a relative path starts at the "
            "configuration folder."
        ),
    )

    @model_validator(mode="after")
    def _tells_who_it_is(self) -> Self:
        if "openid" not in self.scopes.split():
            raise mistake(
                ("scopes",), "`openid` is missing", "Add it: without it, the provider does not say who it is."
            )
        return self


class OpenIDConnect(OpenIDClient):
    """The company's sign-on, and what its groups may do in the console."""

    roles: dict[Annotated[str, Field(min_length=1)], OneOrMore[Role]] = Field(
        min_length=1,
        description="Which roles each group has. They are given and taken at each sign-in.",
    )
    local_accounts: LocalAccounts = Field(
        default=LocalAccounts.ALWAYS,
        description=(
            "Which accounts of the console itself may sign in, too: `always` all; `emergency` administrators alone, on "
            "a page of their own; `never` none."
        ),
    )
    moved: ClassVar[Mapping[str, str]] = {"console_url": "console.url"}

    @model_validator(mode="after")
    def _somebody_gets_in(self) -> Self:
        given = {role for roles in self.roles.values() for role in roles}
        if self.local_accounts is LocalAccounts.NEVER and Role.ADMINISTRATOR not in given:
            raise mistake(
                ("local_accounts",),
                "no group is given the role `administrator`, and no other account may sign in",
                "Give it to a group under `roles`, or write `emergency`.",
            )
        return self
