"""The section `acknowledgement` of `config/policy.yaml`: the document that people acknowledge before they use AI."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from promptguard.model import IdentityClass
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake

MAX_DAYS: Final = 1096
"""The longest time for which an acknowledgement can count."""

type _Version = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Acknowledging(Section):
    """The document that people acknowledge, and when they do so again. Off while no document is named."""

    document: str = Field(
        default="",
        max_length=500,
        description=(
            "The document: a text file, whose relative path starts at the configuration folder, or an address with "
            "https://. Empty: nobody has to acknowledge anything."
        ),
    )
    sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = Field(
        default="", description="SHA-256 of what stands at an address, hexadecimal; that of a file is computed."
    )
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)] = Field(
        default="ai-policy", description="The document's name in evidence."
    )
    version: _Version = Field(default="1", description="Its version. A new one is acknowledged anew.")
    earlier_versions: OneOrMore[_Version] = Field(
        default=(),
        description=(
            "Earlier versions that this one changes in nothing material: who has acknowledged one of them has "
            "acknowledged this one."
        ),
    )
    every_days: int = Field(default=365, ge=1, le=MAX_DAYS, description="Days after which it is acknowledged again.")
    remind_days: int = Field(
        default=14,
        ge=0,
        le=90,
        description=(
            "Days before that from which each page of a notice says when it lapses, and the layer in the pages of web "
            "chats reminds of it once a day."
        ),
    )
    applies_to: OneOrMore[IdentityClass] = Field(
        default=(IdentityClass.EMPLOYEE, IdentityClass.CONTRACTOR),
        description="Who has to; programs of the company (`service`) as shipped do not.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        is_address = self.document.startswith("https://")
        if is_address and not self.sha256:
            raise mistake(
                ("sha256",),
                "a document at an address needs its SHA-256, so that it is known what was acknowledged",
                "Download it, and write what `sha256sum FILE` says.",
            )
        if self.sha256 and not is_address:
            raise mistake(("sha256",), "the SHA-256 of a file is computed", "Take out `sha256`.")
        if self.version in self.earlier_versions:
            raise mistake(("earlier_versions",), "this is the version itself", "Name those before it.")
        if self.remind_days > self.every_days:
            problem = f"it is acknowledged every {self.every_days} days, and cannot be reminded of before that"
            raise mistake(("remind_days",), problem, f"Write {self.every_days} or fewer.")
        return self
