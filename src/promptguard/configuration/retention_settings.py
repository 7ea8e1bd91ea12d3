"""How long decisions are kept: the section `retention` of `promptguard.yaml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from promptguard.model import Action, DataClass
from promptguard.typed_yaml.fields import Section

MAX_DAYS = 36_500

type Days = Annotated[int, Field(ge=1, le=MAX_DAYS)] | None
"""Whole days; None is for good."""


class RetentionByAction(Section):
    """Days for which decisions are kept, by what was done."""

    allow: Days = Field(default=90, description="Days for which decisions are kept that let a request pass.")
    notify: Days = Field(default=365, description="Days for those that let it pass and told of it.")
    justify: Days = Field(default=365, description="Days for those that held it until a reason was given.")
    redact: Days = Field(default=365, description="Days for those that replaced values.")
    block: Days = Field(default=365, description="Days for those that stopped it.")


class RetentionByClass(Section):
    """Days for which decisions are kept, by the classes of data found."""

    credentials: Days = Field(default=365, description="Days for decisions on credentials.")
    personal_data: Days = Field(default=365, description="Days for decisions on personal data.")
    tenant_data: Days = Field(default=365, description="Days for decisions on customers' data.")
    access_logs: Days = Field(default=365, description="Days for decisions on access logs.")
    confidential_records: Days = Field(default=365, description="Days for decisions on confidential records.")
    source_code: Days = Field(default=365, description="Days for decisions on source code.")


class RetentionSettings(Section):
    """How long decisions are kept. The shortest of all periods that apply to one counts."""

    enabled: bool = Field(
        default=True,
        description=(
            "Whether a running proxy makes decisions unreadable whose time is over, once a day. Without it, "
            "`promptguard audit expire` does."
        ),
    )
    actions: RetentionByAction = Field(
        default=RetentionByAction(),
        description="Days for which decisions are kept, by what was done; `null` is for good.",
    )
    data_classes: RetentionByClass = Field(
        default=RetentionByClass(),
        description=(
            "Days for which decisions are kept, by the classes of data found; `null` is for good. The shortest of "
            "these and of `actions` counts."
        ),
    )
    release_by_another: bool = Field(
        default=False,
        description="Whether a legal hold must be lifted by another person than the one who put it on.",
    )

    @property
    def by_action(self) -> dict[str, int | None]:
        """Days by action."""
        return {str(action): getattr(self.actions, str(action)) for action in Action}

    @property
    def by_class(self) -> dict[str, int | None]:
        """Days by data class."""
        return {str(each): getattr(self.data_classes, str(each)) for each in DataClass}
