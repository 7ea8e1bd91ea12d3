"""Client certificates for the proxy: `identity.certificates` in `promptguard.yaml`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake


class NamedBy(StrEnum):
    """Where a certificate names its user."""

    COMMON_NAME = "common_name"
    EMAIL = "email"
    UPN = "upn"


class CertificateSettings(Section):
    """Which certificates are taken from clients, over TLS to the proxy."""

    ca_file: Path = Field(
        description=(
            "Certificates (PEM) of the CAs that certify users, and no others; a relative path starts at the "
            "configuration folder."
        )
    )
    crl_file: Path | None = Field(
        default=None,
        description=(
            "Their revocation lists (PEM), likewise: one for each CA. One that has run out lets nobody in. Without it "
            "nothing is held to be revoked."
        ),
    )
    required: bool = Field(
        default=False,
        description="Whether clients without one get no connection. Else they may show in another way who they are.",
    )
    named_by: NamedBy = Field(
        default=NamedBy.COMMON_NAME,
        strict=False,
        description=(
            "Where the user's name stands: `common_name` of the subject, `email` or `upn` (of Active Directory) among "
            "the alternative names."
        ),
    )
    domains: OneOrMore[Annotated[str, StringConstraints(min_length=1, max_length=255)]] = Field(
        default=(),
        description=(
            "With `email` and `upn`: with which domains behind the `@` what stands before it is a user's name. Two "
            "domains with the same name for two people must not both be here."
        ),
    )

    @model_validator(mode="after")
    def _domains_where_they_are_needed(self) -> Self:
        if (self.named_by is NamedBy.COMMON_NAME) is bool(self.domains):
            if self.domains:
                raise mistake(("domains",), "a common name has no domain", "Write `named_by: email`, or `upn`.")
            raise mistake(("domains",), "`domains` is missing", "Name those of users, such as [corp.example].")
        return self
