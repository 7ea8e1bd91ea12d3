"""Kerberos tickets for the proxy: `identity.kerberos` in `promptguard.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from promptguard.typed_yaml.fields import OneOrMore, Section


class KerberosSettings(Section):
    """Which tickets are taken (SPNEGO, RFC 4178 and RFC 4559)."""

    keytab: Path = Field(
        description=(
            "The keys of the proxy's own principal, `HTTP/` and the host by which laptops name the proxy; a relative "
            "path starts at the configuration folder."
        )
    )
    realms: OneOrMore[Annotated[str, StringConstraints(min_length=1, max_length=255)]] = Field(
        min_length=1,
        description=(
            "Whose users are let in. A user's name is that before the `@`, in small letters, in all of them: two "
            "realms with the same name for two people must not both be here."
        ),
    )
    principal: str | None = Field(
        default=None,
        pattern=r"^[^/@\s]+/[^/@\s]+(@[^/@\s]+)?$",
        description="The one principal of the keytab that tickets may be for; by default any of it.",
    )
