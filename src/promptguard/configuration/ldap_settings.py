"""A company's directory, for users of the proxy: `identity.ldap` in `promptguard.yaml`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake


def _checked_url(text: str) -> str:
    parts = urlsplit(text)
    try:
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.scheme not in ("ldap", "ldaps") or parts.path.strip("/") or parts.query or parts.username:
        raise ValueError("write an address such as ldaps://dc1.corp.example, or ldap:// for StartTLS")
    return text


def _checked_filter(text: str) -> str:
    if not (text.startswith("(") and text.endswith(")") and text.count("(") == text.count(")")) or "{user}" not in text:
        raise ValueError("write a filter with {user} in it, such as (uid={user})")
    if re.search(r"\{(?!user\})", text):
        raise ValueError("the one name in braces that a filter may have is {user}")
    return text


class LdapSettings(Section):
    """Where the directory is, and how users and their groups are found in it."""

    urls: OneOrMore[Annotated[str, AfterValidator(_checked_url)]] = Field(
        min_length=1,
        description=(
            "The servers, in the order in which they are asked: `ldaps://HOST`, or `ldap://HOST`, where TLS is begun "
            "(StartTLS) before anything is said. Without TLS none is asked."
        ),
    )
    base: str = Field(min_length=1, description="Below which entry users and groups are looked for.")
    bind_user: str | None = Field(
        default=None,
        min_length=1,
        description=(
            "As whom users are looked up: a distinguished name, or in Active Directory `name@corp.example`. It needs "
            "to read users and groups and nothing else. Without it the lookup is anonymous."
        ),
    )
    bind_password_file: Path | None = Field(
        default=None,
        description=(
            "A file that holds the password of `bind_user` and nothing else; a relative path starts at the "
            "configuration folder."
        ),
    )
    user_filter: Annotated[str, AfterValidator(_checked_filter)] = Field(
        default=(
            "(&(objectCategory=person)(objectClass=user)(sAMAccountName={user})"
            "(!(userAccountControl:1.2.840.113556.1.4.803:=2)))"
        ),
        description=(
            "Which entry is a user's (RFC 4515), with `{user}` for the name that was given. By default that of an "
            "account of Active Directory that is not disabled."
        ),
    )
    user_attribute: str = Field(
        default="sAMAccountName",
        pattern=r"^[A-Za-z][A-Za-z0-9-]*$",
        description=(
            "Which attribute has the name by which policies and records know a user, in small letters: however it was "
            "written at the sign-in, it is one user."
        ),
    )
    nested: bool = Field(
        default=True,
        description="Whether groups of groups count, too. Else those alone that a user's own `memberOf` names.",
    )
    group_attribute: str = Field(
        default="cn",
        pattern=r"^[A-Za-z][A-Za-z0-9-]*$",
        description="Which attribute of a group policies know it by.",
    )
    ca_file: Path | None = Field(
        default=None,
        description=(
            "Certificates (PEM) to trust in the servers, in place of the system's; a relative path starts at the "
            "configuration folder."
        ),
    )
    timeout_s: float = Field(
        default=5.0, gt=0, le=60, description="Seconds that one server is given to connect, and to answer."
    )
    refresh_s: float = Field(
        default=300.0,
        ge=1,
        le=86400,
        description=(
            "Seconds for which an answer holds, right or wrong. After that the next request asks again: for the "
            "password on a new connection, for user and groups on an open one."
        ),
    )
    keep_s: float = Field(
        default=14400.0,
        ge=0,
        le=604800,
        description=(
            "Seconds for which open connections go on with the groups that were told last, while no server answers. "
            "New ones are refused then, unless their password is remembered."
        ),
    )

    wrong_passwords: int = Field(
        default=3,
        ge=1,
        le=1000,
        description=(
            "How many wrong passwords of one account are passed on to the directory within `wrong_passwords_s`: so "
            "nobody gets a colleague locked out there: at most half of what it locks an account after, since from "
            "addresses where the user has signed in before as many are passed on once more."
        ),
    )
    wrong_passwords_s: float = Field(
        default=1800.0,
        ge=1,
        le=86400,
        description=(
            "Seconds for which a wrong password counts: no less than the directory itself counts them for. Meanwhile "
            "sign-ins are refused with status 429, unless the password is remembered."
        ),
    )

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.bind_user is None) != (self.bind_password_file is None):
            missing = "bind_password_file" if self.bind_user else "bind_user"
            raise mistake((missing,), f"`{missing}` is missing", "Name both, or none to look users up anonymously.")
        return self
