"""The section `justifications` of `config/policy.yaml`: what may be sent once somebody has said why."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from promptguard.model import DataClass
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake

MAX_REASON: Final = 500
"""Characters of a reason in somebody's own words."""

MIN_REASON: Final = 4
"""Characters of the shortest reason in somebody's own words."""

type ReasonId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class GrantScope(StrEnum):
    """What a reason holds for, at one service and for one person. Always for what was held."""

    FINDING = "finding"
    """For the values that were held, and nothing else."""
    CONVERSATION = "conversation"
    """For whatever the same rules would hold in the same conversation, too."""
    MINUTES = "minutes"
    """For whatever the same rules would hold, for some minutes."""


class Justifications(Section):
    """What rules with the action `justify` ask for, and what a reason is good for."""

    reasons: dict[ReasonId, Annotated[str, StringConstraints(min_length=1, max_length=100)]] = Field(
        default_factory=dict,
        description="Reasons to choose from: a short name for records and messages, and the words that people read.",
    )
    free_text: bool = Field(
        default=True,
        description="Whether a reason may be in somebody's own words. They are searched, and kept encrypted.",
    )
    scopes: OneOrMore[GrantScope] = Field(
        default=(GrantScope.FINDING,),
        description=(
            "What people may give a reason for: `finding` (what was held), `conversation` (and all that the same rules "
            "would hold in it), `minutes` (and all that they would hold for a while). The first is that of messages."
        ),
    )
    hours: int = Field(
        default=24, ge=1, le=168, description="Hours for which a reason holds for a finding or a conversation."
    )
    minutes: int = Field(default=30, ge=1, le=480, description="Minutes for which one with the scope `minutes` holds.")
    never: OneOrMore[DataClass] = Field(
        default=(DataClass.CREDENTIALS, DataClass.TENANT_DATA),
        description="Kinds of data that no reason lets pass: what a rule would hold of them is blocked.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.free_text and not self.reasons:
            raise mistake(
                ("free_text",),
                "without reasons to choose from, and none in one's own words, no reason could be given",
                "Name some under `reasons`, or take out `free_text: false`.",
            )
        if not self.scopes:
            raise mistake(
                ("scopes",), "a reason would hold for nothing", "Name `finding`, or take out the list for that."
            )
        return self

    def reason_id(self, said: str) -> str:
        """The name of the listed reason that is meant by its name or its words; empty for none."""
        wanted = " ".join(said.split()).casefold()
        for id, words in self.reasons.items():
            if wanted in (id, " ".join(words.split()).casefold()):
                return id
        return ""
